import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { TraceOf } from '../app/elsewhere.tsx';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { Chip } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Json, Text } from '../parts/text.tsx';
import { type DeadLetter, type OpenedLetter, userOf } from './dead-letter.ts';
import { Reason } from './reasons.tsx';
import { type Since, SinceReplay, since } from './since-replay.tsx';
import type { Status } from './status.ts';

interface ReplayOutcomeProps {
  readonly server: Server;
  readonly letter: OpenedLetter;
  /** The status before the replay. */
  readonly before: Status;
}

/** What became of a replayed dead letter. */
export function ReplayOutcome({ server, letter, before }: ReplayOutcomeProps) {
  const filter = new URLSearchParams({ since: letter.diedAt, connection: letter.connection, limit: '200' });
  if (letter.eventType !== null) filter.set('event_type', letter.eventType);
  const letters = usePolled<{ deadLetters: readonly DeadLetter[] }>(
    server,
    `api/dead-letters?${filter}`,
    1_000,
  );
  const user = userOf(letter);
  const status = usePolled<Status>(server, 'status', 1_000);
  return (
    <>
      <Part title="Replayed">
        <Loaded of={letters}>
          {({ deadLetters }) => {
            const again = deadLetters.find(each => each.id > letter.id && isSame(each, letter));
            if (again !== undefined)
              return (
                <>
                  <p class="line">
                    <Chip tone="bad">It failed again</Chip>
                    <Reason code={again.reason} />
                  </p>
                  <p class="quote">
                    <Text of={again.detail} length={600} />
                  </p>
                  <Link class="button primary" href={routeOf(server.name, 'dead-letters', String(again.id))}>
                    Open it as dead letter {again.id}
                  </Link>
                </>
              );
            const after = status.data && since(before, status.data, 1, letter.connection);
            return (
              <>
                <p class="line">{after?.pending === 0 ? <Ended of={after} /> : <Queued />}</p>
                {after && <SinceReplay of={after} server={server} />}
                {user !== undefined && <TraceOf user={user} />}
              </>
            );
          }}
        </Loaded>
      </Part>
      <Json title="As Braze sent it" value={letter.original} />
    </>
  );
}

const Queued = () => (
  <>
    <Chip tone="busy">In the queue</Chip> It is sent with the next requests to Mixpanel.
  </>
);

/** The event's end. Beside other events its counter is not known, only that it is no dead letter. */
function Ended({ of: { delivered, skipped, others } }: { of: Since }) {
  if (others > 0 || delivered + skipped !== 1)
    return (
      <>
        <Chip tone="good">Delivered or skipped</Chip> The queue is empty and it is no dead letter again.
      </>
    );
  return delivered === 1 ? (
    <>
      <Chip tone="good">Delivered</Chip> Mixpanel imported it.
    </>
  ) : (
    <>
      <Chip tone="warn">Skipped</Chip> It was not sent to Mixpanel; Connections has the reason.
    </>
  );
}

/** Whether two dead letters are of one event: the correction of an event never changes its id. */
function isSame(one: DeadLetter, other: DeadLetter): boolean {
  const idOf = ({ original }: DeadLetter) => (original as { id?: unknown } | null)?.id;
  return idOf(one) !== undefined && JSON.stringify(idOf(one)) === JSON.stringify(idOf(other));
}
