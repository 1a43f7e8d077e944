import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { Chip } from '../parts/chip.tsx';
import { useTick } from '../parts/clock.tsx';
import { short, span } from '../parts/format.ts';
import { useRemoval } from './removal.ts';

/** Longest waits of a removal, as the service has them (`forgetTimeoutMs` and `firstAnswerMs`), milliseconds. */
const longest = { delivery: 40_000, firstAnswer: 15_000 };

/** What the removal that was asked for here waits for, or how it ended. */
export function RemovalProgress({ server }: { server: Server }) {
  const shown = useRemoval();
  if (shown === undefined) return null;
  if (shown.kind === 'failed')
    return (
      <p class="outcome failed" role="alert">
        {short(shown.why, 600)}
      </p>
    );
  if (shown.kind === 'running')
    return (
      <div role="status">
        <p class="line">
          <Chip tone="busy">Being removed</Chip> <Elapsed since={shown.since} />
        </p>
        <p class="quiet">
          It waits up to {span(longest.delivery)} for batches that are being delivered
          {shown.vendors && `, then up to ${span(longest.firstAnswer)} for Mixpanel's first answer`}. It goes
          on while another view is shown.
        </p>
      </div>
    );
  return (
    <p class="line" role="status">
      <Chip tone={shown.isComplete ? 'good' : 'bad'}>{shown.isComplete ? 'Complete' : 'Incomplete'}</Chip>
      <span>
        {shown.isComplete
          ? 'The user was forgotten. '
          : 'The removal is incomplete. The receipt says what is left. '}
        <Link href={routeOf(server.name, 'forgotten', shown.receipt)}>Open the receipt</Link>
      </span>
    </p>
  );
}

/** Hidden from screen readers, which would announce it every second. */
const Elapsed = ({ since }: { since: number }) => (
  <span aria-hidden="true">for {span(useTick() - since)}</span>
);
