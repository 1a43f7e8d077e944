import type { ComponentChildren } from 'preact';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { TraceOf } from '../app/elsewhere.tsx';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { Chip } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Json, Text } from '../parts/text.tsx';
import { asReplayed, type DeadLetter, idOf, type OpenedLetter, userOf } from './dead-letter.ts';
import { FateInTrace } from './fate-in-trace.tsx';
import { Reason } from './reasons.tsx';
import { type Fate, fateOf, type Since, since } from './replayed.ts';
import { SinceReplay } from './since-replay.tsx';
import type { Status } from './status.ts';

export interface Replay {
  /** The dead letter before the replay. */
  readonly letter: OpenedLetter;
  /** The status before the replay. */
  readonly before: Status;
  /** The event that was replayed in place of the original; `undefined` if that was. */
  readonly correction: unknown;
}

/** What became of a replayed dead letter, by the event that was replayed. */
export function ReplayOutcome({ server, letter: was, before, correction }: Replay & { server: Server }) {
  const letter = correction === undefined ? was : asReplayed(was, correction);
  const filter = new URLSearchParams({ since: letter.diedAt, connection: letter.connection, limit: '200' });
  if (letter.eventType !== null) filter.set('event_type', letter.eventType);
  const letters = usePolled<{ deadLetters: readonly DeadLetter[] }>(
    server,
    `api/dead-letters?${filter}`,
    1_000,
  );
  const user = userOf(letter);
  const status = usePolled<Status>(server, 'status', 1_000);
  const outcomeOf = (after: Since | undefined) => {
    const fate = after ? fateOf(after, idOf(letter) !== undefined) : 'waiting';
    if (user === undefined || !hiding.includes(fate)) return fates[fate];
    return (
      <FateInTrace server={server} letter={letter} user={user}>
        {fates[fate]}
      </FateInTrace>
    );
  };
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
                  <p>
                    <Link
                      class="button primary"
                      href={routeOf(server.name, 'dead-letters', String(again.id))}
                    >
                      Open it as dead letter {again.id}
                    </Link>
                  </p>
                </>
              );
            const after = status.data && since(before, status.data, 1, letter.connection);
            return (
              <>
                <p class="line">This event: {outcomeOf(after)}</p>
                {after && <SinceReplay of={after} server={server} />}
                {user !== undefined && <TraceOf user={user} />}
              </>
            );
          }}
        </Loaded>
      </Part>
      <div class={correction === undefined ? undefined : 'pair'}>
        <Json title="As Braze sent it" value={was.original} />
        {correction !== undefined && <Json title="As it was corrected and replayed" value={correction} />}
      </div>
    </>
  );
}

/** What the counters of all events do not tell of one, but its trace may. */
const hiding: readonly Fate[] = ['hidden', 'ended'];

/** Beside other events, the event's own counter is not known. */
const fates: Readonly<Record<Fate, ComponentChildren>> = {
  waiting: (
    <>
      <Chip tone="busy">In the queue</Chip> It is sent with the next requests to Mixpanel.
    </>
  ),
  hidden: (
    <>
      <Chip tone="warn">Not known</Chip> Other events wait too, so the counts don't tell whether it is
      delivered.
    </>
  ),
  delivered: (
    <>
      <Chip tone="good">Delivered</Chip> Mixpanel imported it.
    </>
  ),
  skipped: (
    <>
      <Chip tone="warn">Skipped</Chip> It was not sent to Mixpanel; Connections has the reason.
    </>
  ),
  ended: (
    <>
      <Chip tone="good">Delivered or skipped</Chip> The queue is empty and it is no dead letter again.
    </>
  ),
  unknown: (
    <>
      <Chip tone="warn">Not known</Chip> It has no ID, and there are new dead letters: it may be one of them.
    </>
  ),
};

/** Whether two dead letters are of one event. */
const isSame = (one: DeadLetter, other: DeadLetter): boolean =>
  idOf(one) !== undefined && JSON.stringify(idOf(one)) === JSON.stringify(idOf(other));
