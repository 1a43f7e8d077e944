import { call, until } from '../control.ts';
import { type Stack, sandboxKeys } from '../wiring.ts';

/** A cohort of the scenario, with its source and its sink. */
export interface CohortCase {
  readonly id: number;
  readonly name: string;
  readonly mode: 'dynamic' | 'one-time';
  readonly source: 'webhook' | 'query';
  readonly sink: 'partner' | 'track';
}

/** The outcome of a cohort, with every number read back from the simulators. */
export interface CohortOutcome extends Omit<CohortCase, 'name'> {
  readonly mixpanelMembers: number;
  readonly brazeMembers: number;
  readonly segmentMembers: number;
}

export interface CohortsOutcome {
  readonly cohorts: CohortOutcome[];
  /** The differences from the expectation, in sentences. */
  readonly problems: string[];
}

export const sandboxCohorts: readonly CohortCase[] = [
  { id: 101, name: 'Power users', mode: 'dynamic', source: 'webhook', sink: 'partner' },
  { id: 102, name: 'Trial users', mode: 'dynamic', source: 'query', sink: 'track' },
  { id: 103, name: 'Launch guests', mode: 'one-time', source: 'query', sink: 'partner' },
];

const users = Array.from({ length: 12 }, (_, index) => `cohort-user-${index + 1}`);
const atFirst = users.slice(0, 8);
const joining = users.slice(8);
const leaving = users.slice(0, 3);
const afterwards = [...users.slice(3, 8), ...joining];

/**
 * The cohort scenario, on a clock that is advanced instead of waited for. Every cohort is synced at
 * once; then users join and leave in Mixpanel. A minute before two hours have passed, Braze is unchanged.
 * After two hours the dynamic cohorts and their segments equal Mixpanel, and a one-time cohort is unchanged.
 *
 * @param inside the addresses at which the servers reach one another
 */
export async function playCohorts(
  stack: Stack,
  { cases = sandboxCohorts, inside = stack }: PlayOptions = {},
): Promise<CohortsOutcome> {
  const problems: string[] = [];
  const expectAll = async (moment: string, expected: (each: CohortCase) => readonly string[]) => {
    for (const each of cases)
      for (const problem of await differences(stack, each, moment, expected(each))) problems.push(problem);
  };
  await call('POST', `${stack.mixpanel}/_sim/clock`, { freeze: true });
  await startCohorts(stack, { cases, inside });
  await settled(stack, cases);
  await expectAll('after the first sync', () => atFirst);

  for (const { id } of cases) {
    const changes = { add: joining.map(member), remove: leaving };
    await call('POST', `${stack.mixpanel}/_sim/cohorts/${id}/members`, changes);
  }
  await call('POST', `${stack.mixpanel}/_sim/clock`, { advance: '1h 59m' });
  await expectAll('after 1 h 59 min', () => atFirst);
  await call('POST', `${stack.mixpanel}/_sim/clock`, { advance: '1m' });
  await expectAll('after 2 h', ({ mode }) => (mode === 'dynamic' ? afterwards : atFirst));

  await call('POST', `${stack.mixpanel}/_sim/clock`, { freeze: false });
  return { cohorts: await readCohorts(stack, cases), problems };
}

export interface PlayOptions {
  readonly cases?: readonly CohortCase[];
  readonly inside?: Stack;
}

/** Creates the users in Braze, the cohorts in Mixpanel, their syncs, and a segment in Braze for each. */
export async function startCohorts(
  stack: Stack,
  { cases = sandboxCohorts, inside = stack }: PlayOptions = {},
): Promise<void> {
  for (const user of users) await call('POST', `${stack.braze}/_sim/users`, { external_id: user });
  for (const each of cases) await startSync(stack, each, inside);
}

/** The current members of each cohort, on all sides. */
export function readCohorts(stack: Stack, cases = sandboxCohorts): Promise<CohortOutcome[]> {
  return Promise.all(cases.map(each => outcomeOf(stack, each)));
}

/** One user of the scenario joins a cohort in Mixpanel, another leaves it. */
export async function changeCohort(stack: Stack, id: number, random: () => number): Promise<void> {
  const any = () => users[Math.floor(random() * users.length)]!;
  await call('POST', `${stack.mixpanel}/_sim/cohorts/${id}/members`, {
    add: [member(any())],
    remove: [any()],
  });
}

const member = (user: string) => ({ distinct_id: user, properties: { $braze_external_id: user } });
const attribute = (id: number) => `mixpanel_cohort_${id}`;

/** Creates a cohort in Mixpanel, its sync, and the segment that a marketer would create for it in Braze. */
async function startSync(stack: Stack, each: CohortCase, inside: Stack): Promise<void> {
  const { id, name, mode, source, sink } = each;
  await call('PUT', `${stack.mixpanel}/_sim/cohorts/${id}`, {
    name,
    description: 'Created by the sandbox',
    members: atFirst.map(member),
  });
  await call(
    'POST',
    `${stack.service}/api/cohorts`,
    { cohort: String(id), mode, source, sink },
    { token: sandboxKeys.adminToken },
  );
  if (source === 'webhook') {
    await call('POST', `${stack.mixpanel}/_sim/syncs`, {
      cohort: id,
      mode,
      // The interval of Braze's page; a webhook's own default is shorter.
      interval: '2h',
      destination: {
        type: 'webhook',
        url: `${inside.service}/webhooks/mixpanel/default`,
        username: sandboxKeys.webhookUser,
        password: sandboxKeys.webhookPassword,
      },
    });
  }
  const filter =
    sink === 'partner'
      ? { type: 'mixpanel_cohort', operator: 'includes', cohort: String(id) }
      : { type: 'custom_attribute', name: attribute(id), operator: 'is_true' };
  await call('POST', `${stack.braze}/_sim/segments`, { name: segmentOf(each), filter });
}

const segmentOf = ({ id, name }: CohortCase) => `${name} (${id})`;

interface SyncState {
  cohort: string;
  running: boolean;
  mixpanelMembers: number | null;
  problem: { message: string } | null;
}

async function settled(stack: Stack, cases: readonly CohortCase[]): Promise<void> {
  await until(
    'the first sync of every cohort',
    () =>
      call<{ cohorts: SyncState[] }>('GET', `${stack.service}/api/cohorts`, undefined, {
        token: sandboxKeys.adminToken,
      }),
    ({ cohorts }) =>
      cases.every(({ id }) =>
        cohorts.some(
          each =>
            each.cohort === String(id) && !each.running && (each.mixpanelMembers !== null || each.problem),
        ),
      ),
  );
}

async function differences(
  stack: Stack,
  each: CohortCase,
  moment: string,
  expected: readonly string[],
): Promise<string[]> {
  const wanted = [...expected].sort().join(', ');
  const found = {
    Braze: await membersInBraze(stack, each),
    'its segment': await membersOfSegment(stack, each),
  };
  return Object.entries(found)
    .filter(([, members]) => [...members].sort().join(', ') !== wanted)
    .map(
      ([where, members]) =>
        `Cohort ${each.id} (${each.mode}, ${each.source} to ${each.sink}) ${moment}: ${where} has ${members.length} members, expected ${expected.length}.`,
    );
}

async function outcomeOf(stack: Stack, each: CohortCase): Promise<CohortOutcome> {
  const { name: _, ...known } = each;
  const list = await call<{ id: number; count: number }[]>('GET', `${stack.mixpanel}/_sim/cohorts`);
  return {
    ...known,
    mixpanelMembers: list.find(({ id }) => id === each.id)?.count ?? 0,
    brazeMembers: (await membersInBraze(stack, each)).length,
    segmentMembers: (await membersOfSegment(stack, each)).length,
  };
}

/** The external IDs of the members of a cohort in Braze. */
export async function membersInBraze({ braze }: Stack, { id, sink }: CohortCase): Promise<string[]> {
  if (sink === 'partner') {
    const list = await call<{ cohort_id: string; members: string[] }[]>('GET', `${braze}/_sim/cohorts`);
    return list.find(({ cohort_id }) => cohort_id === String(id))?.members ?? [];
  }
  const list = await call<{ external_id?: string; attributes: Record<string, unknown> }[]>(
    'GET',
    `${braze}/_sim/users`,
  );
  return list
    .filter(({ attributes }) => attributes[attribute(id)] === true)
    .map(({ external_id }) => external_id ?? '');
}

async function membersOfSegment({ braze }: Stack, each: CohortCase): Promise<string[]> {
  const segments = await call<{ id: string; name: string }[]>('GET', `${braze}/_sim/segments`);
  const segment = segments.find(({ name }) => name === segmentOf(each));
  return segment ? call<string[]>('GET', `${braze}/_sim/segments/${segment.id}/members`) : [];
}
