import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { Chip } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Json, Text } from '../parts/text.tsx';
import type { DeadLetter, OpenedLetter } from './dead-letter.ts';
import { Reason } from './reasons.tsx';
import type { Status } from './status.ts';

interface ReplayOutcomeProps {
  readonly server: Server;
  readonly letter: OpenedLetter;
  /** When the letter had failed before, ISO 8601. */
  readonly at: string;
}

/** What became of a replayed dead letter. */
export function ReplayOutcome({ server, letter, at }: ReplayOutcomeProps) {
  const filter = new URLSearchParams({ since: at, connection: letter.connection, limit: '200' });
  if (letter.eventType !== null) filter.set('event_type', letter.eventType);
  const letters = usePolled<{ deadLetters: readonly DeadLetter[] }>(
    server,
    `api/dead-letters?${filter}`,
    1_000,
  );
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
            const pending = status.data?.connections[letter.connection]?.pending.events;
            return pending === 0 ? (
              <p class="line">
                <Chip tone="good">Delivered or skipped</Chip> The queue is empty and it is no dead letter
                again.
              </p>
            ) : (
              <p class="line">
                <Chip tone="busy">In the queue</Chip> It is sent with the next requests to Mixpanel.
              </p>
            );
          }}
        </Loaded>
      </Part>
      <Json title="As Braze sent it" value={letter.original} />
    </>
  );
}

/** Whether two dead letters are of one event: the correction of an event never changes its id. */
function isSame(one: DeadLetter, other: DeadLetter): boolean {
  const idOf = ({ original }: DeadLetter) => (original as { id?: unknown } | null)?.id;
  return idOf(one) !== undefined && JSON.stringify(idOf(one)) === JSON.stringify(idOf(other));
}
