import { useState } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { CohortForm } from '../mock-mixpanel/cohort-form.tsx';
import { BrazeProblem } from '../mock-mixpanel/destination-state.tsx';
import { ExportForm } from '../mock-mixpanel/export-form.tsx';
import { Select } from '../parts/fields.tsx';
import { count, counted } from '../parts/format.ts';
import { Loaded } from '../parts/loaded.tsx';
import type { StepProps } from './step-props.ts';
import type { Tour } from './use-tour.ts';

/** The first export that Braze accepted. */
export const firstExport = ({ made }: Tour) =>
  made?.sync?.history.findLast(({ outcome }) => outcome === 'succeeded');

interface Cohort {
  readonly id: number;
  readonly name: string;
  readonly count: number;
}

export function ExportCohort({ tour: { braze, mixpanel, made, change, reload } }: StepProps) {
  const cohorts = usePolled<readonly Cohort[]>(mixpanel, '_sim/cohorts?members=false');
  const imported = usePolled<readonly { cohort_id: string; members: readonly string[] }[]>(
    braze,
    '_sim/cohorts',
  );
  const [chosen, setChosen] = useState('');
  // A sync under way or refused: its reason is shown, and another can be begun.
  const sync = made?.sync;
  const refused = sync?.reason == null ? undefined : sync.history[0];
  // The connection forgets its latest run when it gets another key.
  const isReconnected = made?.destination?.id === sync?.connectedTo && made?.destination?.lastRun === null;
  return (
    <Loaded of={imported}>
      {inBraze => (
        <Loaded of={cohorts}>
          {all => {
            const taken = new Set(inBraze.map(({ cohort_id }) => cohort_id));
            const free = all.filter(({ id, count: members }) => !taken.has(String(id)) && members > 0);
            const cohort = chosen === '' ? String(free[0]?.id ?? '') : chosen;
            if (free.length === 0)
              return (
                <>
                  <p>Braze has every cohort that has members. Create another one to export.</p>
                  <CohortForm
                    server={mixpanel}
                    // Users that Braze has: other ones would be in no segment.
                    initial={{
                      name: 'My first cohort',
                      members: (inBraze[0]?.members ?? []).slice(0, 3).join('\n'),
                    }}
                    onCreated={reload}
                  />
                </>
              );
            return (
              <>
                {sync !== undefined && refused === undefined && <p role="status">{sync.id} is running…</p>}
                {sync !== undefined && refused !== undefined && isReconnected && (
                  <p role="status">
                    Braze refused {sync.id}. The connection was changed since: begin the sync again.
                  </p>
                )}
                {refused !== undefined && refused.error !== null && !isReconnected && (
                  <BrazeProblem
                    {...{ status: refused.status, error: refused.error }}
                    then={
                      <>
                        reconnect{' '}
                        <Link href={routeOf(mixpanel.name, 'destinations', sync?.connectedTo ?? undefined)}>
                          {made?.destination?.name ?? 'the destination'}
                        </Link>{' '}
                        and begin the sync again
                      </>
                    }
                  />
                )}
                <Select
                  label="Cohort"
                  value={cohort}
                  onValue={setChosen}
                  options={free.map(each => [
                    String(each.id),
                    `${each.name.slice(0, 80)}, ${counted(each.count, 'member')}`,
                  ])}
                />
                <NotOffered
                  of={all.filter(({ id }) => taken.has(String(id)))}
                  why={['since Braze has it already', 'since Braze has them already']}
                />
                <NotOffered
                  of={all.filter(({ id, count: members }) => !taken.has(String(id)) && members === 0)}
                  why={['since it has no members', 'since they have no members']}
                />
                <ExportForm
                  key={cohort}
                  server={mixpanel}
                  cohort={cohort}
                  onStarted={async ({ id }) => {
                    change({ sync: id, cohort });
                    await reload();
                  }}
                />
              </>
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}

interface NotOfferedProps {
  readonly of: readonly Cohort[];
  /** The reason, for one cohort and for several. */
  readonly why: readonly [one: string, several: string];
}

/** Most named cohorts. */
const named = 5;

/** Cohorts that are missing in the list, with the reason. */
function NotOffered({ of, why: [one, several] }: NotOfferedProps) {
  if (of.length === 0) return null;
  const names = of.slice(0, named).map(({ name }) => name.slice(0, 60));
  const more = of.length > named ? [`${count(of.length - named)} more`] : [];
  return (
    <p class="quiet">
      Not offered, {of.length === 1 ? one : several}: {new Intl.ListFormat('en').format([...names, ...more])}.
    </p>
  );
}
