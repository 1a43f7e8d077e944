import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { counted } from '../parts/format.ts';
import type { Since } from './replayed.ts';

/** How many of each there are since a replay, and where they are seen. */
export const SinceReplay = ({ of, server }: { of: Since; server: Server }) => (
  <p class="quiet">
    Since the replay{of.others > 0 && ', counts of all events'}: {counted(of.delivered, 'event')} delivered,{' '}
    {counted(of.skipped, 'event')} skipped,{' '}
    {of.dead > 0 ? (
      <Link href={routeOf(server.name, 'dead-letters')}>{counted(of.dead, 'new dead letter')}</Link>
    ) : (
      'no new dead letter'
    )}
    , {of.pending} waiting
    {of.others > 0 && `; ${counted(of.others, 'other event')} among them`}.{' '}
    <Link href={routeOf(server.name, 'connections')}>Connections</Link> has the totals.
  </p>
);
