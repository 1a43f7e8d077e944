import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { counted } from '../parts/format.ts';
import { type Status, sum } from './status.ts';

/** What became of events since a replay. */
export interface Since {
  readonly delivered: number;
  readonly skipped: number;
  readonly dead: number;
  readonly pending: number;
  /** Other events among these: they waited before the replay, or came after it. */
  readonly others: number;
}

/**
 * Counters after a replay compared with those before it, of one connection or of all. A replayed dead letter is one less
 * until it fails again.
 */
export function since(before: Status, now: Status, replayed: number, connection?: string): Since {
  const total = (of: (name: string) => number) =>
    Object.keys(now.connections)
      .filter(name => connection === undefined || name === connection)
      .reduce((all, name) => all + of(name), 0);
  const grown = (read: (of: Status['connections'][string]) => number) =>
    total(name => {
      const [was, is] = [before.connections[name], now.connections[name]];
      return (is ? read(is) : 0) - (was ? read(was) : 0);
    });
  return {
    delivered: grown(({ imported }) => imported),
    skipped: grown(({ skipped }) => sum(skipped)),
    dead: grown(({ deadLettered }) => sum(deadLettered)) + replayed,
    pending: total(name => now.connections[name]?.pending.events ?? 0),
    others: grown(({ accepted }) => accepted) + total(name => before.connections[name]?.pending.events ?? 0),
  };
}

/** How many of each there are since a replay, and where they are seen. */
export const SinceReplay = ({ of, server }: { of: Since; server: Server }) => (
  <p class="quiet">
    Since the replay: {counted(of.delivered, 'event')} delivered, {counted(of.skipped, 'event')} skipped,{' '}
    {of.dead > 0 ? (
      <Link href={routeOf(server.name, 'dead-letters')}>{counted(of.dead, 'new dead letter')}</Link>
    ) : (
      'no new dead letter'
    )}
    , {of.pending} pending
    {of.others > 0 && `; ${counted(of.others, 'other event')} among them`}.{' '}
    <Link href={routeOf(server.name, 'connections')}>Connections</Link> has the totals.
  </p>
);
