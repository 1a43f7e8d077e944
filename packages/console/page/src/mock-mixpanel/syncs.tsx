import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Chip } from '../parts/chip.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { farAddress, sentMembers } from '../parts/far-address.tsx';
import { count, inWords, span } from '../parts/format.ts';
import { Empty, Loaded, Missing, Problem } from '../parts/loaded.tsx';
import { Actions } from '../parts/outcomes.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import type { Tone } from '../parts/tone.ts';
import { When } from '../parts/when.tsx';
import { BrazeProblem } from './destination-state.tsx';
import type { Sync } from './sync.ts';

/** The syncs of cohorts that a user set up in Mixpanel. */
export function Syncs({ server, id }: ViewProps) {
  const syncs = usePolled<readonly Sync[]>(server, '_sim/syncs');
  return (
    <Loaded of={syncs}>
      {all => {
        const opened = all.find(each => each.id === id);
        return (
          <Split
            id={id}
            title={opened ? `Cohort ${opened.cohort}` : <Text of={`Sync ${id}`} length={80} />}
            back={routeOf(server.name, 'syncs')}
            detail={
              opened ? (
                <SyncCard server={server} sync={opened} onChange={syncs.reload} />
              ) : (
                <Missing>
                  There is no sync <Code of={id ?? ''} />.
                </Missing>
              )
            }
          >
            {all.length === 0 ? (
              <Empty>
                No syncs yet. <Link href={routeOf(server.name, 'cohorts')}>Open a cohort</Link> and export it
                to Braze.
              </Empty>
            ) : (
              <Table
                label="Cohort syncs"
                rows={all}
                keyOf={each => each.id}
                opens={each => routeOf(server.name, 'syncs', each.id)}
                opened={id}
                columns={[
                  { name: 'Sync', cell: each => each.id },
                  { name: 'Cohort', kind: 'number', cell: each => each.cohort },
                  { name: 'State', kind: 'state', cell: each => <SyncState of={each} /> },
                  { name: 'To', kind: 'main', cell: each => <Text of={targetOf(each)} /> },
                  { name: 'Next run', cell: each => <When at={each.nextRunAt} none="not planned" /> },
                ]}
              />
            )}
          </Split>
        );
      }}
    </Loaded>
  );
}

const tones: Readonly<Record<string, Tone>> = { waiting: 'busy', syncing: 'busy', done: 'good' };
const words: Readonly<Record<string, string>> = { waiting: 'Waits for its next run' };

function SyncState({ of: { state, history } }: { of: Sync }) {
  const outcome = history[0]?.outcome ?? 'succeeded';
  const isBad =
    (state === 'paused' && outcome === 'refused') || (state === 'done' && outcome !== 'succeeded');
  const text = state === 'done' && isBad ? inWords(outcome) : (words[state] ?? inWords(state));
  return (
    <Chip tone={isBad ? 'bad' : (tones[state] ?? 'plain')} {...(state === 'paused' && { icon: 'pause' })}>
      {state === 'paused' && isBad ? 'Paused, refused' : text}
    </Chip>
  );
}

const targetOf = ({ destination }: Sync): string => destination.url ?? destination.restEndpoint ?? '—';

function SyncCard({ server, sync, onChange }: { server: Server; sync: Sync; onChange: () => Promise<void> }) {
  const act = (verb: string, done: string) => async () => {
    await call(server, `_sim/syncs/${encodeURIComponent(sync.id)}/${verb}`, { method: 'POST' });
    await onChange();
    return done;
  };
  const [, navigate] = useLocation();
  const remove = async () => {
    await call(server, `_sim/syncs/${encodeURIComponent(sync.id)}`, { method: 'DELETE' });
    await onChange();
    navigate(routeOf(server.name, 'syncs'));
    return undefined;
  };
  return (
    <>
      <Actions>
        <SyncState of={sync} />
        <Action run={act('run', 'It ran.')} disabled={sync.state === 'running'}>
          Run now
        </Action>
        {sync.state === 'paused' ? (
          <Action run={act('start', 'Started.')}>Start</Action>
        ) : (
          <Action run={act('pause', 'Paused.')}>Pause</Action>
        )}
        <Action
          look="danger"
          confirm="Delete this sync? Its members stay in the cohort in Braze."
          run={remove}
        >
          Delete
        </Action>
      </Actions>
      {farAddress(targetOf(sync), sync.destination.url === undefined ? sentMembers : 'the IDs of members')}
      {sync.reason !== null && <Reason of={sync} server={server} />}
      <Facts
        of={[
          ['How', `${inWords(sync.mode)}${sync.mode === 'dynamic' ? `, every ${span(sync.interval)}` : ''}`],
          ['To', <Text key="to" of={targetOf(sync)} length={600} />],
          [
            'Connection',
            sync.connectedTo === null ? (
              'none, an address of its own'
            ) : (
              <Link key="connection" href={routeOf(server.name, 'destinations', sync.connectedTo)}>
                {sync.connectedTo}
              </Link>
            ),
          ],
          [
            'Cohort',
            <Link key="cohort" href={routeOf(server.name, 'cohorts', String(sync.cohort))}>
              {sync.cohort}
            </Link>,
          ],
          ['Next run', <When key="next" at={sync.nextRunAt} none="not planned" full />],
          [
            'Last list sent',
            sync.snapshot === null ? (
              'none yet'
            ) : (
              <>
                {count(sync.snapshot.members)} members · <When at={sync.snapshot.at} />
              </>
            ),
          ],
        ]}
      />
      <Part title="Latest runs">
        {sync.history.length === 0 ? <Empty>No runs yet.</Empty> : <History of={sync.history} />}
      </Part>
      <Json title="As the API answers it" value={sync} />
    </>
  );
}

/** Why a sync is paused. */
function Reason({ of, server }: { of: Sync; server: Server }) {
  const [run] = of.history;
  const { reason, connectedTo, destination } = of;
  if (reason === null) return null;
  if (run === undefined || run.error !== reason || destination.restEndpoint === undefined)
    return <Problem>{inWords(reason)}</Problem>;
  const then =
    connectedTo === null ? (
      'create the sync again'
    ) : (
      <>
        reconnect <Link href={routeOf(server.name, 'destinations', connectedTo)}>{connectedTo}</Link> and
        start this sync
      </>
    );
  return <BrazeProblem status={run.status} error={reason} then={then} />;
}

const History = ({ of }: { of: Sync['history'] }) => (
  <Table
    label="Latest runs"
    rows={of.slice(0, 20)}
    keyOf={run => run.startedAt + run.kind}
    columns={[
      { name: 'Started', cell: run => <When at={run.startedAt} /> },
      {
        name: 'Outcome',
        kind: 'state',
        cell: run => <Chip tone={run.outcome === 'succeeded' ? 'good' : 'bad'}>{inWords(run.outcome)}</Chip>,
      },
      { name: 'Sent', cell: run => (run.kind === 'full' ? 'the whole list' : 'the difference') },
      { name: 'Joined', kind: 'number', cell: run => count(run.joined) },
      { name: 'Left', kind: 'number', cell: run => count(run.left) },
      { name: 'Error', kind: 'main', cell: run => (run.error === null ? '—' : <Text of={run.error} />) },
    ]}
  />
);
