import { cohortUsersRequestSchema } from '@braze-mixpanel/core/braze';
import type { CohortWebhookPage } from '@braze-mixpanel/core/mixpanel';
import { openStorage } from '@braze-mixpanel/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasCode } from '../../src/cohorts/cohort-error.ts';
import type { CohortService } from '../../src/cohorts/index.ts';
import { forgetAll, serviceOn } from '../../src/testing/bare-service.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';

/** The outcome of one request at Braze. */
type Fate =
  | 'taken'
  | 'answer lost'
  | 'not reached'
  | 'failing'
  | 'key refused'
  | 'refused'
  | 'denied'
  | 'applied and denied'
  | 'page with 200'
  | 'page with 400'
  | 'page with 413';
type Push = {
  do: 'push';
  action: 'members' | 'add_members' | 'remove_members';
  members: string[];
  /** Whether its last page is missing. */
  broken: boolean;
  /** The outcomes of the next requests at Braze. */
  fates: Fate[];
  /** Whether the run it causes ends before the next step. */
  rest: boolean;
};
type Step = Push | { do: 'wait'; minutes: number } | { do: 'crash' };

const someone = fc.integer({ min: 0, max: 6 }).map(n => `user-${n}`);
const fates = fc.constantFrom<Fate>(
  'taken',
  'answer lost',
  'not reached',
  'failing',
  'key refused',
  'refused',
  'denied',
  'applied and denied',
  'page with 200',
  'page with 400',
  'page with 413',
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      action: fc.constantFrom('members' as const, 'add_members' as const, 'remove_members' as const),
      members: fc.uniqueArray(someone, { maxLength: 5 }),
      broken: fc.boolean(),
      fates: fc.array(fates, { maxLength: 3 }),
      rest: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);

/** Braze as a set, with the given outcome for each request. */
class Braze {
  readonly members = new Set<string>();
  fates: Fate[] = [];

  readonly fetch: typeof fetch = async (input, init) => {
    const fate = this.fates.shift() ?? 'taken';
    if (fate === 'not reached') throw new TypeError('fetch failed');
    if (fate === 'failing') return Response.json({ message: 'down' }, { status: 500 });
    if (fate === 'key refused') return Response.json({ message: 'Invalid client secret' }, { status: 401 });
    if (fate.startsWith('page')) return new Response('<html></html>', { status: Number(fate.slice(-3)) });
    if (fate === 'denied') return Response.json({ message: 'cohort is not known' }, { status: 201 });
    const changes = String(input).endsWith('/users');
    if (fate === 'refused' && changes) return Response.json({ message: 'some id' }, { status: 400 });
    if (changes) this.#apply(JSON.parse(String(init?.body)));
    if (fate === 'applied and denied') return Response.json({ message: 'fatal problem' }, { status: 201 });
    if (fate === 'answer lost') throw new TypeError('terminated');
    return Response.json({ message: 'success' }, { status: 201 });
  };

  #apply(body: unknown): void {
    for (const { user_ids = [], should_remove } of cohortUsersRequestSchema.parse(body).cohort_changes)
      for (const id of user_ids) should_remove ? this.members.delete(id) : this.members.add(id);
  }
}

function page(action: Push, session: string, number: number, total: number): CohortWebhookPage {
  const own = action.members.filter((_, index) => index % total === number - 1);
  return {
    action: action.action,
    parameters: {
      mixpanel_cohort_id: '1',
      mixpanel_cohort_name: 'Cohort',
      mixpanel_session_id: session,
      page_info: { total_pages: total, page_count: number },
      members: own.map(id => ({ mixpanel_distinct_id: id })),
    },
  };
}

it('Braze has the members of Mixpanel after any sequence of lists, differences, incomplete sessions, failures and crashes', async () => {
  const storage = await openStorage('sqlite::memory:');
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async steps => {
        const store = storage.cohorts;
        await forgetAll(store);
        const braze = new Braze();
        const clock = new ManualClock();
        const mixpanel = new Set<string>();
        let service = serviceOn(store, braze, clock);
        await service.cohorts.start();

        for (const [index, each] of steps.entries()) {
          if (each.do === 'wait') await clock.advance(each.minutes * 60_000);
          else if (each.do === 'crash') {
            service.die();
            await service.cohorts.close();
            service = serviceOn(store, braze, clock);
            await service.cohorts.start();
          } else {
            braze.fates = [...each.fates];
            // An incomplete session lacks its last page: it must change nothing.
            for (let number = 1; number <= (each.broken ? 2 : 3); number++)
              await service.cohorts.receive('default', page(each, `session-${index}`, number, 3));
            if (!each.broken) follow(mixpanel, each);
            if (each.rest) await service.activity.rest();
            const isUndisturbed = steps.slice(0, index).every(({ do: done }) => done !== 'crash');
            if (each.rest && isUndisturbed) await expectLedger(service.cohorts, braze, mixpanel);
          }
        }

        braze.fates = [];
        await service.activity.rest();
        await clock.advance(3 * 3_600_000);
        // A full list, as Mixpanel sends after errors, also retries refused changes.
        const last: Push = {
          ...{ do: 'push', action: 'members', members: [...mixpanel] },
          ...{ broken: false, fates: [], rest: true },
        };
        const before = [...braze.members].sort();
        const refusing = steps.some(each => each.do === 'push' && each.fates.includes('refused'));
        if (!refusing) expect(before).toEqual([...mixpanel].sort());
        await service.cohorts.receive('default', page(last, 'last', 1, 1));
        await service.activity.rest();
        expect([...braze.members].sort()).toEqual([...mixpanel].sort());
        await service.cohorts.close();
      }),
      { numRuns: 150 },
    );
  } finally {
    await storage.close();
  }
}, 60_000);

/** Each member of the cohort is listed in one state, or Braze has it; no removed member is in Braze. */
async function expectLedger({ members: list }: CohortService, braze: Braze, mixpanel: Set<string>) {
  const page = await list('1', { limit: 1_000 }).catch((error: unknown) => {
    if (hasCode(error, 'ledger_unknown', 'sync_unknown')) return undefined;
    throw error;
  });
  if (page === undefined) return;
  const ids = page.members.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const listed = (leaving: boolean) =>
    new Set(page.members.filter(member => member.leaving === leaving).map(({ id }) => id));
  expect([...mixpanel.difference(listed(false)).difference(braze.members)]).toEqual([]);
  expect([...braze.members.difference(mixpanel)].filter(id => !listed(true).has(id))).toEqual([]);
  const removed = page.members.filter(({ state }) => state === 'removed').map(({ id }) => id);
  expect(removed.filter(id => braze.members.has(id))).toEqual([]);
  const { accepted, leaving, removed: _, ...open } = page.report!.states!;
  const counted = Object.values(open).reduce((sum, count) => sum + count, accepted - leaving);
  expect([counted, page.report?.mixpanelMembers]).toEqual([mixpanel.size, mixpanel.size]);
}

function follow(mixpanel: Set<string>, { action, members }: Push): void {
  if (action === 'members') mixpanel.clear();
  for (const id of members) action === 'remove_members' ? mixpanel.delete(id) : mixpanel.add(id);
}
