import { useContext, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { TraceOf } from '../app/elsewhere.tsx';
import { routeOf } from '../app/routes.ts';
import { Action, Refusal } from '../parts/action.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { inLines } from '../parts/format.ts';
import { Loaded, Problem, RouteOfAll } from '../parts/loaded.tsx';
import { Code, Json, Sentence, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { Correction } from './correction.tsx';
import { type OpenedLetter, userOf } from './dead-letter.ts';
import { Reason } from './reasons.tsx';
import { type Replay, ReplayOutcome } from './replay-outcome.tsx';
import type { Status } from './status.ts';
import { TrialResult } from './trial.tsx';

/** One dead letter: why, what it was, what a replay would do, and a correction. */
export function DeadLetterCard({ server, id }: { server: Server; id: string }) {
  const letter = usePolled<OpenedLetter>(server, `api/dead-letters/${encodeURIComponent(id)}`);
  const [replayed, setReplayed] = useState<Replay>();
  // A replayed letter is gone: what is known of it stays on the page.
  if (replayed !== undefined) return <ReplayOutcome server={server} {...replayed} />;
  return (
    <Loaded of={letter}>
      {data => (
        <Opened
          server={server}
          letter={data}
          onReplayed={(before, correction) => setReplayed({ letter: data, before, correction })}
        />
      )}
    </Loaded>
  );
}

interface OpenedProps {
  readonly server: Server;
  readonly letter: OpenedLetter;
  /**
   * @param before the status before the replay
   * @param correction the event that was replayed in place of the original
   */
  readonly onReplayed: (before: Status, correction: unknown) => void;
}

/** Why an original is not replayed while its correction is typed. */
const corrected = 'There is a correction below. Replay it, or undo all changes to replay the original.';

function Opened({ server, letter, onReplayed }: OpenedProps) {
  const refusal = useContext(Refusal);
  const [, navigate] = useLocation();
  const list = useContext(RouteOfAll) ?? routeOf(server.name, 'dead-letters');
  // An escape is the same character in JSON, and does not reorder what is typed behind it.
  const original = inLines(JSON.stringify(letter.original, undefined, 2));
  const [text, setText] = useState(original);
  const isCorrected = refusal === undefined && text !== original;
  const user = userOf(letter);
  const replay = async (body?: { readonly original: unknown }) => {
    const path = `api/dead-letters/${letter.id}/replay`;
    const before = await call<Status>(server, 'status');
    const { replayed } = await call<{ replayed: number }>(server, path, {
      method: 'POST',
      ...(body && { body }),
    });
    if (replayed > 0) onReplayed(before, body?.original);
    return replayed > 0 ? undefined : 'It was replayed already.';
  };
  const purge = async () => {
    const body = { ids: [letter.id], confirm: true };
    const { purged } = await call<{ purged: number }>(server, 'api/dead-letters/purge', {
      method: 'POST',
      body,
    });
    navigate(list);
    return purged > 0 ? undefined : 'It was no dead letter any more.';
  };
  return (
    <>
      <Part title="Why">
        <Reason code={letter.reason} />
        <p class="quote">
          <Text of={letter.detail} length={600} />
        </p>
        {letter.explanation && (
          <p>
            What to do: <Sentence of={letter.explanation.next} />.
          </p>
        )}
      </Part>
      <Facts
        of={[
          ['Event type', letter.eventType === null ? '—' : <Code key="type" of={letter.eventType} />],
          ['Connection', <Text key="connection" of={letter.connection} />],
          ['Received', <When key="received" at={letter.receivedAt} full />],
          ['Failed', <When key="failed" at={letter.diedAt} full />],
          ...(user !== undefined ? ([['User', <TraceOf key="user" user={user} />]] as const) : []),
          ['$insert_id', letter.insertId === null ? 'never mapped' : <Code key="id" of={letter.insertId} />],
        ]}
      />
      <Part title="A replay now, unchanged">
        {letter.today === null ? (
          <Problem>Its connection is no longer configured, so it can't be replayed.</Problem>
        ) : (
          <>
            <TrialResult of={letter.today} before={letter} />
            <Refusal value={isCorrected ? corrected : refusal}>
              <Action run={() => replay()}>Replay unchanged</Action>
            </Refusal>
            {isCorrected && <p class="quiet">{corrected}</p>}
          </>
        )}
      </Part>
      {letter.today !== null && refusal === undefined && (
        <Correction
          server={server}
          letter={letter}
          original={original}
          text={text}
          onText={setText}
          replay={replay}
        />
      )}
      <div class="pair">
        <Json title="As Braze sent it" value={letter.original} />
        {letter.mapped === null ? (
          <p class="quiet">It was never mapped to an event of Mixpanel.</p>
        ) : (
          <Json title="As Mixpanel refused it" value={letter.mapped} />
        )}
      </div>
      <Part title="Delete it">
        <Action
          look="danger"
          run={purge}
          confirm={`Delete dead letter ${letter.id} permanently? Its event counts as skipped and can't be replayed.`}
        >
          Purge
        </Action>
      </Part>
    </>
  );
}
