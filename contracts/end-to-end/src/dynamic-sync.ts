import { call, until } from '@braze-mixpanel/sandbox/control';
import { type Stack, sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The three servers; the service follows Mixpanel's clock. */
export interface CohortServers extends AsyncDisposable {
  readonly stack: Stack;
  /** The address at which Mixpanel reaches the service. */
  readonly serviceInside: string;
}

const sources = ['query', 'webhook'] as const;
const sinks = ['partner', 'track'] as const;
const modes = ['dynamic', 'one-time'] as const;

/** Every combination of source and sink, each with its own cohort. */
const variants = sources
  .flatMap(source => sinks.flatMap(sink => modes.map(mode => ({ source, sink, mode }))))
  .map((variant, index) => ({ ...variant, cohort: 101 + index }));
type Variant = (typeof variants)[number];

/** Users of Braze. Mixpanel identifies the first by another ID, with Braze's in `$braze_external_id`. */
const users = ['ada', 'grace', 'alan', 'edsger', 'barbara', 'donald'];
const profile = (user: string) =>
  user === 'ada' ? { distinct_id: 'mp-1', properties: { $braze_external_id: 'ada' } } : user;
/** A member of Mixpanel's cohort from the start who is unknown to Braze. */
const unknownUser = 'nobody-to-braze';

/** The successive members of every cohort in Mixpanel, by Braze's IDs. */
const first = ['ada', 'grace', 'alan'];
const second = ['ada', 'alan', 'edsger', 'barbara'];
const third = ['grace', 'edsger', 'donald'];

interface Moment {
  readonly at: string;
  /** The change of every cohort in Mixpanel right after the previous check. */
  readonly change?: { readonly add: readonly string[]; readonly remove: readonly string[] };
  /** Minutes since the previous check. */
  readonly advance: number;
  /** The members expected in Braze by then, for a dynamic sync. */
  readonly dynamic: readonly string[];
}

/** The times at which Braze is checked. */
const timeline: readonly Moment[] = [
  { at: 't0', advance: 0, dynamic: first },
  {
    at: 't0 + 1 h 59 min',
    change: { add: ['edsger', 'barbara'], remove: ['grace'] },
    advance: 119,
    dynamic: first,
  },
  { at: 't0 + 2 h', advance: 1, dynamic: second },
  {
    at: 't0 + 3 h 59 min',
    change: { add: ['grace', 'donald'], remove: ['mp-1', 'alan', 'barbara'] },
    advance: 119,
    dynamic: second,
  },
  { at: 't0 + 4 h', advance: 1, dynamic: third },
];

/** The members of one cohort in Braze: the imported members of a partner cohort, and the segment over it. */
interface InBraze {
  readonly segment: readonly string[];
  readonly cohort: readonly string[] | undefined;
}

/**
 * Cohorts of Mixpanel reach Braze by the query API and by webhook, through the partner import and as
 * attributes: at once, then every two hours and not earlier, until they are equal again. A one-time sync is
 * never repeated. The clock is advanced instead of waited for.
 *
 * @param start starts the servers, in this process or in containers; they are disposed after the tests
 */
export function describeDynamicSync(start: () => Promise<CohortServers>): void {
  const servers = new AsyncDisposableStack();
  const seen = new Map<string, ReadonlyMap<Variant, InBraze>>();

  beforeAll(async () => {
    const world = servers.use(await start());
    const { stack } = world;
    await call('POST', `${stack.mixpanel}/_sim/clock`, { freeze: true });
    await call(
      'POST',
      `${stack.braze}/_sim/users`,
      users.map(external_id => ({ external_id })),
    );
    const segments = new Map<Variant, string>();
    for (const variant of variants) segments.set(variant, await setUp(variant, world));

    for (const { at, change, advance } of timeline) {
      for (const { cohort } of change ? variants : [])
        await call('POST', `${stack.mixpanel}/_sim/cohorts/${cohort}/members`, change);
      await call('POST', `${stack.mixpanel}/_sim/clock`, { advance: `${advance}m` });
      if (advance === 0) await firstSyncs(world);
      seen.set(at, await readBraze(stack.braze, segments));
    }
  });

  afterAll(() => servers.disposeAsync());

  describe.each(variants)('a $mode sync from the $source into the $sink sink', variant => {
    it.each(timeline)('at $at', ({ at, dynamic }) => {
      const { segment, cohort } = seen.get(at)!.get(variant)!;
      const members = (variant.mode === 'dynamic' ? dynamic : first).toSorted();
      expect(segment).toEqual(members);
      expect(cohort).toEqual(variant.sink === 'partner' ? members : undefined);
    });
  });
}

/**
 * Creates a cohort in Mixpanel, its sync, and a segment over the result in Braze. Resolves to the segment's
 * ID.
 */
async function setUp(variant: Variant, { stack, serviceInside }: CohortServers): Promise<string> {
  const { cohort, source, sink, mode } = variant;
  const name = `Cohort ${cohort}`;
  const members = [...first.map(profile), unknownUser];
  await call('PUT', `${stack.mixpanel}/_sim/cohorts/${cohort}`, { name, members });
  const sync = await call<{ attribute: string | null }>(
    'POST',
    `${stack.service}/api/cohorts`,
    { cohort, mode, source, sink },
    { token: sandboxKeys.adminToken },
  );
  if (source === 'webhook') {
    await call('POST', `${stack.mixpanel}/_sim/syncs`, {
      cohort,
      mode,
      // The interval of Braze's page; a webhook's own default is shorter.
      interval: '2h',
      destination: {
        type: 'webhook',
        url: `${serviceInside}/webhooks/mixpanel/default`,
        username: sandboxKeys.webhookUser,
        password: sandboxKeys.webhookPassword,
      },
    });
  }
  const filter =
    sink === 'partner'
      ? { type: 'mixpanel_cohort', operator: 'includes', cohort: name }
      : { type: 'custom_attribute', name: sync.attribute, operator: 'is_true' };
  const segment = await call<{ id: string }>('POST', `${stack.braze}/_sim/segments`, { name, filter });
  return segment.id;
}

/** The first syncs run right after their creation, independent of the clock. */
async function firstSyncs({ stack }: CohortServers): Promise<void> {
  interface Sync {
    running: boolean;
    brazeMembers: number;
  }
  await until(
    'the first sync of every cohort',
    () =>
      call<{ cohorts: Sync[] }>('GET', `${stack.service}/api/cohorts`, undefined, {
        token: sandboxKeys.adminToken,
      }),
    ({ cohorts }) => cohorts.every(({ running, brazeMembers }) => !running && brazeMembers > 0),
  );
}

async function readBraze(
  braze: string,
  segments: ReadonlyMap<Variant, string>,
): Promise<ReadonlyMap<Variant, InBraze>> {
  const cohorts = await call<{ cohort_id: string; members: string[] }[]>('GET', `${braze}/_sim/cohorts`);
  const read = async ([variant, id]: [Variant, string]): Promise<[Variant, InBraze]> => {
    const members = await call<string[]>('GET', `${braze}/_sim/segments/${id}/members`);
    const cohort = cohorts.find(each => each.cohort_id === String(variant.cohort));
    return [variant, { segment: members.toSorted(), cohort: cohort?.members.toSorted() }];
  };
  return new Map(await Promise.all([...segments].map(read)));
}
