import { call, until } from '@braze-mixpanel/sandbox/control';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { startConsoleWorld } from './console-world.ts';

const admin = { token: sandboxKeys.adminToken };
const cohort = '555';
/** ID of the sync with a ledger. */
export const ledgerSync = `default:${cohort}`;
/** Members of the cohort that match no user of Braze. */
export const strangers = 250;

interface Sync {
  readonly running: boolean;
  readonly nextRun: string | null;
  readonly brazeMembers: number;
  readonly confirmedAt: string | null;
  readonly drift: object | null;
}

/**
 * A console world with a sync that has a ledger: members without a user, unknown to Braze, refused and removed, in
 * two runs and a read-back of the first, and a segment that was compared with the members.
 */
export async function startLedgerWorld(name?: string) {
  await using started = new AsyncDisposableStack();
  const world = started.use(
    await startConsoleWorld(name, {
      ...{ BRAZE_ANALYTICS_KEY: 'braze-rest-key', COHORT_SEGMENTS: `${cohort}:segment-1` },
    }),
  );
  const sync = () => call<Sync>('GET', `${world.service}/api/cohorts/${cohort}`, undefined, admin);
  const advance = (time: string) => call('POST', `${world.mixpanel}/_sim/clock`, { advance: time });
  const idle = (what: string, isDone: (sync: Sync) => boolean) =>
    until(what, sync, found => !found.running && isDone(found));
  const members = [
    ...Array.from({ length: strangers - 1 }, (_, index) => `$device:stranger-${1_000 + index}`),
    ...['null', 'ada', 'user-1', 'user-2', 'user-3', 'ghost-1', 'ghost-2'],
  ].map(distinct_id => ({ distinct_id }));
  for (const external_id of ['ada', 'user-1', 'user-2', 'user-3'])
    await call('POST', `${world.braze}/_sim/users`, { external_id });
  await call('PUT', `${world.mixpanel}/_sim/cohorts/${cohort}`, { name: 'Trial users', members });
  await call(
    'POST',
    `${world.service}/api/cohorts`,
    { cohort, mode: 'dynamic', source: 'query', sink: 'track', interval: '24h' },
    admin,
  );
  await idle('the first run', ({ brazeMembers }) => brazeMembers === 6);
  await advance('11m');
  await idle('the read-back', ({ confirmedAt }) => confirmedAt !== null);
  const changes = { add: [{ distinct_id: 'user-4' }, { distinct_id: 'user-5' }], remove: ['user-3'] };
  await call('POST', `${world.mixpanel}/_sim/cohorts/${cohort}/members`, changes);
  await call('POST', `${world.braze}/_sim/faults`, {
    route: 'users-track',
    kind: 'partial',
    share: 0.5,
    times: 1,
  });
  await advance('24h');
  await idle('the comparison with the segment', ({ drift }) => drift !== null);
  const running = started.move();
  return { ...world, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
