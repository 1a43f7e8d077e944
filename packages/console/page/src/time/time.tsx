import { useContext } from 'preact/hooks';
import { call } from '../api/call.ts';
import { about, type Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { type ClockReading, clockServer } from '../app/server-time.tsx';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Chip } from '../parts/chip.tsx';
import { exact, useNow, Zoned } from '../parts/clock.tsx';
import { Part } from '../parts/facts.tsx';
import { Form, TextEntry, useForm } from '../parts/form.tsx';
import { counted } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { Empty, Problem } from '../parts/loaded.tsx';
import { LatestOutcome, Outcomes } from '../parts/outcomes.tsx';
import { prose } from '../parts/prose.ts';
import { Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { WholeMessage } from '../parts/whole-message.tsx';
import type { Entry } from './line.ts';
import { useTimeLine } from './use-time-line.ts';

/** Most shown entries of each side. */
const shown = 40;

const steps: readonly (readonly [by: string, text: string])[] = [
  ['1m', '1 min'],
  ['15m', '15 min'],
  ['1h', '1 h'],
  ['2h', '2 h'],
  ['1d', '1 day'],
];

/** The simulated clock, what is scheduled on it, and what happened. */
export function Time({ server }: ViewProps) {
  const leader = clockServer(server) ?? server;
  const { clock, scheduled, happened, isKnown, unread, error, reload } = useTimeLine(leader);
  if (!isKnown || clock === undefined)
    return error === undefined ? <p class="loading">Loading …</p> : <Problem>{error}</Problem>;
  return (
    <Outcomes isPlaced>
      {error !== undefined && <Problem>{error}</Problem>}
      <ClockCard leader={leader} clock={clock} next={scheduled[0]} unread={unread} reload={reload} />
      <LatestOutcome />
      <Part title="Scheduled" level="h2" aside={<Total of={scheduled} />}>
        <Reading unread={unread} />
        {scheduled.length === 0 ? (
          unread.length === 0 && (
            <Empty>
              Nothing is scheduled. A dynamic sync of a cohort, or a delivery that fails, would be here.
            </Empty>
          )
        ) : (
          <Line label="Scheduled" entries={scheduled} runTo={at => runTo(leader, at, reload)} />
        )}
      </Part>
      <Part title="Happened" level="h2" aside={<Total of={happened} />}>
        <Reading unread={unread} />
        {happened.length === 0 ? (
          unread.length === 0 && <Empty>Nothing scheduled has run yet.</Empty>
        ) : (
          <Line label="Happened" entries={happened} />
        )}
      </Part>
    </Outcomes>
  );
}

/** What is still read: a list without it is not complete. */
const Reading = ({ unread }: { unread: readonly string[] }) =>
  unread.length > 0 ? <p class="loading">Not complete: reading {unread.join(', ')} …</p> : null;

const Total = ({ of }: { of: readonly Entry[] }) =>
  of.length > shown ? (
    <span class="quiet">{`${shown} of ${counted(of.length, 'entry', 'entries')}`}</span>
  ) : null;

const secondMs = 1_000;

/** Moves the clock to the end of the second of a time, as the list shows it, which runs all that is due until then. */
async function runTo(leader: Server, at: number, reload: () => Promise<void>): Promise<string> {
  const { now } = await call<ClockReading>(leader, '_sim/clock');
  const end = Math.ceil(at / secondMs) * secondMs;
  // Set back, the clock would run nothing.
  if (end > new Date(now).getTime()) await call(leader, '_sim/clock', { method: 'POST', body: { set: end } });
  await reload();
  return 'All that was due until then has run.';
}

interface ClockCardProps {
  readonly leader: Server;
  readonly clock: ClockReading;
  readonly next: Entry | undefined;
  /** What has not answered yet: until then, `next` may be wrong. */
  readonly unread: readonly string[];
  readonly reload: () => Promise<void>;
}

function ClockCard({ leader, clock, next, unread, reload }: ClockCardProps) {
  const form = useForm({ advance: '3d' });
  const { advance } = form.values;
  const now = useNow();
  const { zone } = useContext(Zoned);
  const change = (body: object, done: string) =>
    form.submit(async () => {
      await call(leader, '_sim/clock', { method: 'POST', body });
      await reload();
      return done;
    });
  return (
    <article class="card clock-card" aria-label="Simulated clock">
      <header>
        <div>
          <p class="now">{exact(now, zone)}</p>
          <p class="quiet">
            Syncs, retries, faults with a time span and rate limits follow this clock, in all servers of{' '}
            {about().servers.length > 1 ? 'the sandbox' : 'this simulation'}.
          </p>
        </div>
        <span class="row">
          {clock.frozen ? (
            <Chip tone="warn" icon="pause">
              Frozen
            </Chip>
          ) : (
            <Chip tone="good" icon="play">
              Runs
            </Chip>
          )}
          <Action run={change({ freeze: !clock.frozen }, clock.frozen ? 'It runs.' : 'It is frozen.')}>
            {clock.frozen ? 'Let it run' : 'Freeze'}
          </Action>
        </span>
      </header>
      <div class="row">
        <Action
          look="primary"
          disabled={next === undefined || unread.length > 0}
          run={form.submit(async () => (next === undefined ? undefined : runTo(leader, next.at, reload)))}
        >
          Run to the next
        </Action>
        {unread.length > 0 ? (
          <span class="quiet">Reading {unread.join(', ')} …</span>
        ) : next === undefined ? (
          <span class="quiet">Nothing is scheduled.</span>
        ) : (
          <span>
            <Text of={next.title} length={90} />, <When at={next.at} />
          </span>
        )}
      </div>
      <Form of={form} label="Move the clock" look="line">
        <fieldset class="segments">
          <legend>Step by</legend>
          {steps.map(([step, text]) => (
            <Action
              key={step}
              label={`Step by ${text}`}
              run={change({ advance: step }, `Advanced by ${text}.`)}
            >
              {`+ ${text}`}
            </Action>
          ))}
        </fieldset>
        <TextEntry name="advance" label="Time span" hint="Such as 90s, 30m, 2h or 3d" />
        <Action run={change({ advance }, `Advanced by ${advance}.`)}>Advance</Action>
      </Form>
    </article>
  );
}

const icons = { good: 'check', bad: 'cross' } as const;

interface LineProps {
  readonly label: string;
  readonly entries: readonly Entry[];
  readonly runTo?: (at: number) => Promise<string>;
}

function Line({ label, entries, runTo: run }: LineProps) {
  const now = useNow();
  const { zone } = useContext(Zoned);
  return (
    <ol class="time-line" aria-label={label}>
      {entries.slice(0, shown).map(({ key, at, server, title, text, route, outcome }) => (
        <li key={key} class={`${server} ${outcome ?? 'later'}`}>
          <span class="at">
            <b>
              {exact(at, zone).slice(0, 10) !== exact(now, zone).slice(0, 10) && (
                <span class="quiet">{exact(at, zone).slice(5, 10)} </span>
              )}
              {exact(at, zone).slice(11, 19)}
            </b>
            <When at={at} />
          </span>
          <span class="dot">
            <Icon name={outcome === undefined ? 'clock' : icons[outcome]} />
          </span>
          <span class="what">
            {route === undefined ? (
              <Text of={title} />
            ) : (
              <Link href={route}>
                <Text of={title} />
              </Link>
            )}
            <small>
              {server}
              {text !== undefined && (
                <>
                  {' · '}
                  <Text of={prose(text)} length={400} />
                </>
              )}
              {text !== undefined && <WholeMessage of={text} />}
            </small>
          </span>
          {run && (
            <Action label={`Run to here: ${title}`.slice(0, 120)} run={() => run(at)}>
              Run to here
            </Action>
          )}
        </li>
      ))}
    </ol>
  );
}
