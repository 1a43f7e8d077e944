import { useQueryClient } from '@tanstack/preact-query';
import { useEffect } from 'preact/hooks';
import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { Elsewhere } from '../app/elsewhere.tsx';
import { Action } from '../parts/action.tsx';
import { Facts } from '../parts/facts.tsx';
import { count, counted } from '../parts/format.ts';
import { Problem } from '../parts/loaded.tsx';
import { LatestOutcome, Outcomes } from '../parts/outcomes.tsx';
import { prose } from '../parts/prose.ts';
import { Code } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { WholeMessage } from '../parts/whole-message.tsx';
import { Cost } from './cohort-sync-cost.tsx';
import { DriftFact } from './cohort-sync-drift.tsx';
import { Ledger } from './cohort-sync-ledger.tsx';
import { confirmedOf } from './cohort-sync-read-back.ts';
import type { CohortSync } from './status.ts';
import { failureOf } from './sync-failure.ts';
import { howOf, nextRunOf, startedRunOf } from './sync-schedule.ts';
import { SyncState } from './sync-state.tsx';

interface CohortSyncCardProps {
  readonly server: Server;
  readonly sync: CohortSync;
  readonly onChange: () => Promise<void>;
}

/** One cohort sync: what is known of both sides and when it was, its runs with the members by state, what it cost, and
 * what an operator can do. */
export function CohortSyncCard({ server, sync, onChange }: CohortSyncCardProps) {
  const path = `api/cohorts/${encodeURIComponent(sync.id)}`;
  useReadWith(sync, server.name, path);
  const act = (verb: string, done: string) => async () => {
    await call(server, `${path}/${verb}`, { method: 'POST' });
    await onChange();
    return done;
  };
  const { held } = sync;
  // A held change is said with the button that confirms it.
  const problem = failureOf(sync);
  return (
    <>
      <Outcomes isPlaced>
        <div class="row">
          <SyncState of={sync} />
          {sync.status !== 'done' && <Action run={act('run', startedRunOf(sync))}>Run now</Action>}
          {sync.status === 'active' ? (
            <Action run={act('pause', 'Paused.')}>Pause</Action>
          ) : (
            <Action run={act('start', sync.status === 'paused' ? 'Resumed.' : 'Started.')}>
              {sync.status === 'paused' ? 'Resume' : 'Run once more'}
            </Action>
          )}
        </div>
        <LatestOutcome />
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
      </Outcomes>
      {problem !== null && (
        <Problem>
          {prose(problem.message)} <Code of={problem.code} /> <When at={problem.at} />
          <WholeMessage of={problem.message} />
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
      <Ledger server={server} sync={sync} />
      <Cost server={server} sync={sync} />
    </>
  );
}

/** Reads the parts of the detail again once the sync shows that a run began or ended, whenever their own turn is. */
function useReadWith(sync: CohortSync, server: string, path: string): void {
  const client = useQueryClient();
  const { running, brazeMembersAt, mixpanelReadAt, lastSuccess, held, problem } = sync;
  const shown = [running, brazeMembersAt, mixpanelReadAt, lastSuccess, held?.to, problem?.at].join();
  useEffect(() => {
    void client.invalidateQueries({
      predicate: ({ queryKey: [of, read] }) => of === server && String(read).startsWith(`${path}/`),
    });
  }, [client, server, path, shown]);
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
      <>
        {confirmedOf(sync)}
        {sync.confirmedAt !== null && (
          <>
            {' · '}
            <When at={sync.confirmedAt} />
          </>
        )}
      </>,
    ],
    ['Segment in Braze', <DriftFact key="drift" of={sync.drift} />],
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
