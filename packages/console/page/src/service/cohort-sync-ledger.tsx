import { usePolled } from '../api/use-polled.ts';
import { Link } from '../app/link.tsx';
import { routeOf, useFilter } from '../app/routes.ts';
import { Part } from '../parts/facts.tsx';
import { count, inWords } from '../parts/format.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { When } from '../parts/when.tsx';
import { StateHistory } from './cohort-sync-history.tsx';
import { Members } from './cohort-sync-members.tsx';
import type { LedgerProps } from './cohort-sync-props.ts';
import { readBackOf } from './cohort-sync-read-back.ts';
import { type MemberState, memberStates, membersIn, type Run, stateNames } from './cohort-sync-run.ts';
import { Runs } from './cohort-sync-runs.tsx';
import type { CohortSync } from './status.ts';

/** Runs that are read, and drawn over time. */
const shownRuns = 100;

/** The ledger of a sync: the members of a run by state, pages of the members in one, and counts over time. */
export function Ledger({ server, sync }: LedgerProps) {
  const [chosen] = useFilter('run');
  const [chosenState] = useFilter('state');
  const state = stateNames.find(name => name === chosenState);
  const path = `api/cohorts/${encodeURIComponent(sync.id)}/history?limit=${shownRuns}`;
  const history = usePolled<{ runs: readonly Run[] }>(server, path, 5_000);
  return (
    <Loaded of={history}>
      {({ runs }) => {
        const sending = runs.filter(({ trigger }) => trigger !== 'read-back');
        const newest =
          sending.find(({ states, hasLedger }) => states !== null && hasLedger !== false) ?? sending[0];
        const run = chosen === '' ? newest : runs.find(({ id }) => String(id) === chosen);
        return (
          <>
            {run !== undefined ? (
              <RunLedger
                server={server}
                sync={sync}
                run={run}
                state={state}
                runs={runs}
                isNewest={run === newest}
              />
            ) : (
              <Part title="Members by state">
                <Empty>
                  {chosen === ''
                    ? 'No runs yet.'
                    : `Run ${chosen.slice(0, 20)} is not among the ${shownRuns} newest.`}
                </Empty>
              </Part>
            )}
            <StateHistory runs={sending} />
            <Runs server={server} sync={sync} runs={runs} opened={run?.id} />
          </>
        );
      }}
    </Loaded>
  );
}

interface RunLedgerProps extends LedgerProps {
  readonly run: Run;
  readonly runs: readonly Run[];
  readonly state: MemberState | undefined;
  readonly isNewest: boolean;
}

function RunLedger({ server, sync, run, runs, state, isNewest }: RunLedgerProps) {
  const routeTo = (opened?: MemberState) => {
    const query = new URLSearchParams({
      ...(!isNewest && { run: String(run.id) }),
      ...(opened && { state: opened }),
    });
    return routeOf(server.name, 'cohorts', sync.id, query.size === 0 ? '' : `?${query}`);
  };
  const readBack = readBackOf(run, runs);
  return (
    <Part
      title={`Members by state, run ${run.id}`}
      aside={
        <span class="quiet">
          <When at={run.finishedAt} />
          {!isNewest && (
            <>
              {' · '}
              <Link href={routeOf(server.name, 'cohorts', sync.id)}>Newest run</Link>
            </>
          )}
        </span>
      }
    >
      {run.states === null ? (
        <p>It is not known which members were in which state at the end of this run: it stored no ledger.</p>
      ) : (
        <>
          <p>
            Braze accepted <b>{count(run.states.accepted)}</b> members of the cohort. Those of the other
            states:
          </p>
          <ul class="states">
            {stateNames.map(name => (
              <li key={name}>
                <Link
                  href={routeTo(name === state ? undefined : name)}
                  aria-current={name === state ? 'true' : undefined}
                >
                  {inWords(name)}
                </Link>
                <b>{membersIn(name, run, readBack) ?? 'not known'}</b>
                <small class="quiet">
                  {memberStates[name]} {name === 'unmatched' && isNewest && <Because of={sync} />}
                </small>
              </li>
            ))}
          </ul>
          {run.states.leaving > 0 && (
            <p class="quiet">
              {count(run.states.leaving)} of the refused, unproven and waiting ones left the cohort: their
              change is a removal.
            </p>
          )}
          {state !== undefined && (
            <Members
              key={`${run.id} ${state}`}
              server={server}
              sync={sync}
              run={run.id}
              state={state}
              routeTo={routeTo}
            />
          )}
        </>
      )}
    </Part>
  );
}

function Because({ of: { unmatchedBecause } }: { of: CohortSync }) {
  const { noId, refusedId, noUser } = unmatchedBecause;
  const because = [
    [noId, 'without any ID, which are not listed'],
    [refusedId, 'with a placeholder ID'],
    [noUser, 'with an ID of no user'],
  ] as const;
  const found = because.filter(([number]) => number > 0).map(([number, why]) => `${count(number)} ${why}`);
  return found.length === 0 ? null : <>Now: {found.join(', ')}.</>;
}
