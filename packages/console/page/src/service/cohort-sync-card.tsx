import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Elsewhere } from '../app/elsewhere.tsx';
import { Action } from '../parts/action.tsx';
import { Chip } from '../parts/chip.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { count, counted, inWords } from '../parts/format.ts';
import { Empty, Loaded, Problem } from '../parts/loaded.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import type { CohortSync } from './status.ts';
import { howOf, nextRunOf, startedRunOf } from './sync-schedule.ts';
import { SyncState } from './sync-state.tsx';
import { Unmatched } from './unmatched.tsx';

interface Run {
  readonly id: number;
  readonly trigger: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outcome: string;
  readonly added: number;
  readonly removed: number;
  readonly refused: number;
  readonly requests: number;
  readonly problem: { readonly code: string; readonly message: string } | null;
}

interface CohortSyncCardProps {
  readonly server: Server;
  readonly sync: CohortSync;
  readonly onChange: () => Promise<void>;
}

/** One cohort sync: what is known of both sides and when it was, its runs, and what an operator can do. */
export function CohortSyncCard({ server, sync, onChange }: CohortSyncCardProps) {
  const path = `api/cohorts/${encodeURIComponent(sync.id)}`;
  const act = (verb: string, done: string) => async () => {
    await call(server, `${path}/${verb}`, { method: 'POST' });
    await onChange();
    return done;
  };
  const { held, problem } = sync;
  return (
    <>
      <div class="row">
        <SyncState of={sync} />
        <Action run={act('run', startedRunOf(sync))}>Run now</Action>
        {sync.status === 'active' ? (
          <Action run={act('pause', 'Paused.')}>Pause</Action>
        ) : (
          <Action run={act('start', 'Started.')}>
            {sync.status === 'paused' ? 'Resume' : 'Run once more'}
          </Action>
        )}
      </div>
      {held !== null && (
        <Problem>
          <p>
            Mixpanel&apos;s list would change this cohort from {counted(held.from, 'member')} to{' '}
            {count(held.to)}. The safety stop holds it: nothing was sent.
          </p>
          <Action
            look="danger"
            run={act('confirm', 'Confirmed: the change is being sent.')}
            confirm={`Apply the held change of “${sync.name.slice(0, 80)}” from ${count(held.from)} to ${count(held.to)} members?`}
          >
            Confirm the change
          </Action>
        </Problem>
      )}
      {problem !== null && (
        <Problem>
          {problem.message} <Code of={problem.code} /> <When at={problem.at} />
        </Problem>
      )}
      <Facts of={factsOf(sync)} />
      <div class="row">
        <Elsewhere server="mock-mixpanel" view="cohorts" id={sync.cohort}>
          Cohort in Mixpanel
        </Elsewhere>
        {sync.source === 'webhook' && (
          <Elsewhere server="mock-mixpanel" view="syncs">
            Cohort syncs in Mixpanel
          </Elsewhere>
        )}
        {sync.attribute === null && (
          <Elsewhere server="mock-braze" view="cohorts">
            Imported cohorts in Braze
          </Elsewhere>
        )}
      </div>
      {sync.unmatched > 0 && <Unmatched server={server} sync={sync} />}
      <Runs server={server} path={path} />
    </>
  );
}

const factsOf = (sync: CohortSync) =>
  [
    [
      'Members in Mixpanel',
      <>
        {count(sync.mixpanelMembers)} · read <When at={sync.mixpanelReadAt} none="never" />
      </>,
    ],
    [
      'Profiles in Mixpanel',
      `${count(sync.mixpanelProfiles)}${sync.mixpanelProfiles === null ? '' : ', as Mixpanel counts them'}`,
    ],
    [
      'Accepted by Braze',
      <>
        {count(sync.brazeMembers)} of {count(sync.sentMembers)} sent ·{' '}
        <When at={sync.brazeMembersAt} none="never sent" />
      </>,
    ],
    [
      'Confirmed by reading back',
      sync.confirmedMembers === null ? (
        `not known: ${sync.confirmedWhy ?? 'not read back yet'}`
      ) : (
        <>
          {count(sync.confirmedMembers)} of a sample of {count(sync.confirmedOf)} ·{' '}
          <When at={sync.confirmedAt} />
        </>
      ),
    ],
    ['To be sent again', count(sync.openMembers)],
    ['Last success', <When key="success" at={sync.lastSuccess} none="never" full />],
    [
      'Next run',
      <>
        <When at={sync.nextRun} none="not planned" full />
        {sync.nextRun !== null && <>: {nextRunOf(sync)}</>}
      </>,
    ],
    ['How', howOf(sync)],
    [
      'Into',
      sync.attribute === null ? (
        'a partner cohort of Braze'
      ) : (
        <>
          the attribute <Code of={sync.attribute} />
        </>
      ),
    ],
    ['ID', <Code key="id" of={sync.id} />],
  ] as const;

function Runs({ server, path }: { server: Server; path: string }) {
  const runs = usePolled<{ runs: readonly Run[] }>(server, `${path}/history?limit=20`, 5_000);
  return (
    <Part title="Latest runs">
      <Loaded of={runs}>
        {({ runs: all }) =>
          all.length === 0 ? (
            <Empty>No runs yet.</Empty>
          ) : (
            <Table
              label="Latest runs"
              rows={all}
              keyOf={run => run.id}
              columns={[
                { name: 'Started', cell: run => <When at={run.startedAt} /> },
                {
                  name: 'Outcome',
                  kind: 'state',
                  cell: run => (
                    <Chip tone={run.problem === null ? 'good' : 'bad'}>{inWords(run.outcome)}</Chip>
                  ),
                },
                { name: 'Added', kind: 'number', cell: run => count(run.added) },
                { name: 'Removed', kind: 'number', cell: run => count(run.removed) },
                { name: 'Refused', kind: 'number', cell: run => count(run.refused) },
                {
                  name: 'Problem',
                  kind: 'main',
                  cell: run => (run.problem === null ? '—' : <Text of={run.problem.message} />),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Part>
  );
}
