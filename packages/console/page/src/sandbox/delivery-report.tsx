import { useContext } from 'preact/hooks';
import { addressOf } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import { Elsewhere } from '../app/elsewhere.tsx';
import type { ViewProps } from '../app/view-props.ts';
import { Chip } from '../parts/chip.tsx';
import { exact, Zoned } from '../parts/clock.tsx';
import { Part } from '../parts/facts.tsx';
import { count, counted, inWords } from '../parts/format.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';

interface Backlog {
  readonly pending: number;
  /** Events in the queues of Currents. */
  readonly inBraze: number;
  readonly skipped: number;
  readonly stopped: {
    readonly cause: 'refused' | 'failing' | 'held';
    readonly since: string | null;
    readonly why: string | null;
  } | null;
}

interface Report {
  readonly right: boolean;
  /** Number of judged events. */
  readonly emitted: number;
  /** With those that are too old to be judged. */
  readonly emittedInAll: number;
  readonly exactlyOnce: number;
  readonly became: Readonly<Record<string, number>>;
  readonly backlog: Backlog;
  readonly events: readonly {
    readonly id: string;
    readonly eventType: string | null;
    readonly became: string;
    readonly why: string;
  }[];
  readonly cohorts: readonly {
    readonly cohort: string;
    readonly mode: string;
    readonly sink: string;
    /** `null` if it is not known, with the reason in `why`. */
    readonly right: boolean | null;
    readonly why: string | null;
    readonly members: readonly { readonly member: string; readonly why: string }[];
  }[];
}

/** What became of events, where the API has another word than its users read. */
const becameWords: Readonly<Record<string, string>> = { pending: 'Waiting' };

/** Most listed events that are not where they should be. */
const listed = 100;

/** Whether each emitted event and each cohort member is where it should be; only those that are not are listed. */
export function DeliveryReport({ server }: ViewProps) {
  const report = usePolled<Report>(server, `_sim/oracle?right=false&limit=${listed}`, 5_000);
  return (
    <Loaded of={report}>
      {({ right, emitted, emittedInAll, exactlyOnce, became, backlog, events, cohorts }) => (
        <>
          <p class="line">
            {!right && <Chip tone="bad">Not everything is where it should be</Chip>}
            {right && backlog.pending + backlog.inBraze === 0 && (
              <Chip tone="good">{allRight(emitted === emittedInAll ? undefined : emitted, cohorts)}</Chip>
            )}
            {backlog.pending > 0 && <Waiting of={backlog} />}
            <WaitingInBraze events={backlog.inBraze} />
            <a class="button aside" href={addressOf(server, '_sim/oracle')} download="delivery-report.json">
              Download all as JSON
            </a>
          </p>
          {backlog.stopped !== null && backlog.stopped.why !== null && (
            <p>
              <Text of={backlog.stopped.why} length={600} />
            </p>
          )}
          {emitted < emittedInAll && (
            <p>
              Braze emitted {counted(emittedInAll, 'event')}. This report has the newest {count(emitted)}:
              older ones are not judged any more.
            </p>
          )}
          <dl class="numbers card">
            {[
              ['Emitted', emitted],
              ['Once in Mixpanel', exactlyOnce],
              ...Object.entries(became).map(([name, number]) => [becameWords[name] ?? inWords(name), number]),
            ].map(([name, number]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{count(Number(number))}</dd>
              </div>
            ))}
          </dl>
          {backlog.pending > 0 && (
            <p class="quiet">
              Skipped has every event that is not meant to arrive. Connections counts {count(backlog.skipped)}{' '}
              so far: it counts an event as waiting until its batch is processed, and once more for each time
              Braze sent it.
            </p>
          )}
          <Part level="h2" title="Events that are not where they should be">
            {events.length === 0 ? (
              <Empty>None.</Empty>
            ) : (
              <Table
                label="Events"
                rows={events}
                keyOf={each => each.id}
                columns={[
                  {
                    name: 'Event type',
                    cell: each => (each.eventType === null ? '—' : <Code of={each.eventType} />),
                  },
                  { name: 'Became', cell: each => inWords(each.became) },
                  { name: 'Why', kind: 'main', cell: each => <Text of={each.why} /> },
                ]}
              />
            )}
          </Part>
          <Part level="h2" title="Cohorts">
            <Table
              label="Cohorts"
              rows={cohorts}
              keyOf={each => each.cohort}
              columns={[
                { name: 'Cohort', cell: each => <Code of={each.cohort} /> },
                { name: 'Sync', cell: each => `${inWords(each.mode)}, ${each.sink}` },
                {
                  name: 'Members',
                  kind: 'main',
                  cell: each => <MembersOf cohort={each} />,
                },
              ]}
            />
          </Part>
        </>
      )}
    </Loaded>
  );
}

/** That nothing is out of place, of what was compared: the events (or the newest of them) and the cohorts. */
function allRight(newest: number | undefined, cohorts: Report['cohorts']): string {
  const unknown = cohorts.filter(({ right }) => right === null).length;
  const events = newest === undefined ? 'Everything is' : `The newest ${count(newest)} events are`;
  const except = unknown === 0 ? '' : `, except ${counted(unknown, 'cohort')} not known`;
  return `${events} where ${newest === undefined ? 'it' : 'they'} should be${except}`;
}

/** Whether the members of a cohort are where they should be, and why not or why that is not known. */
function MembersOf({ cohort }: { cohort: Report['cohorts'][number] }) {
  if (cohort.right === true) return <Chip tone="good">All where they should be</Chip>;
  const reasons = cohort.right === null ? [cohort.why ?? ''] : reasonsOf(cohort).slice(0, listedReasons);
  return (
    <>
      {cohort.right === null ? (
        <Chip tone="warn">Not known</Chip>
      ) : (
        <Chip tone="bad">{counted(cohort.members.length, 'member')} not where they should be</Chip>
      )}
      {reasons.map(why => (
        <p class="quiet" key={why}>
          <Text of={why} length={400} />
        </p>
      ))}
    </>
  );
}

/** Most listed reasons of a cohort. */
const listedReasons = 3;

const reasonsOf = ({ members }: Report['cohorts'][number]): readonly string[] => [
  ...new Set(members.map(({ why }) => why)),
];

/** The events that the service has not accepted yet. */
const WaitingInBraze = ({ events }: { events: number }) =>
  events <= 0 ? null : (
    <>
      <Chip tone="busy">
        {counted(events, 'event')} {events === 1 ? 'waits' : 'wait'} in mock-braze
      </Chip>
      <Elsewhere server="mock-braze" view="currents" isInline>
        The Currents show the last answer.
      </Elsewhere>
    </>
  );

const causes = {
  refused: 'delivery is refused',
  failing: 'delivery fails',
  held: 'the configuration holds them',
} as const;

/** The events that wait in the service, and what stops their delivery. */
function Waiting({ of: { pending, stopped } }: { of: Backlog }) {
  const { zone } = useContext(Zoned);
  const events = `${counted(pending, 'event')} ${pending === 1 ? 'waits' : 'wait'}`;
  if (stopped === null) return <Chip tone="busy">{events}, delivery goes on</Chip>;
  const since = stopped.since === null ? '' : ` since ${exact(Date.parse(stopped.since), zone)}`;
  return (
    <Chip tone="warn">
      {events}, {causes[stopped.cause]}
      {since}
    </Chip>
  );
}
