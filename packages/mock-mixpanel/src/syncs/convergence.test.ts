import { createClock } from '@braze-mixpanel/simulator-kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMockMixpanel } from '../index.ts';
import { destinationSchema } from './destination.ts';

/** The behaviour of a destination for one request of a run. */
type Fate = 'taken' | 'refused before it was read' | 'taken, but the answer is lost';

interface Receiver {
  take(body: never): void;
  answer(body: never): unknown;
  members(): Set<string>;
}

/**
 * A webhook that follows Mixpanel's documentation: `members` replaces the cohort once all pages of the
 * session have arrived.
 */
function webhookReceiver(): Receiver {
  let members = new Set<string>();
  const pages = new Map<string, Map<number, string[]>>();
  return {
    members: () => members,
    answer: ({ action }: { action: string }) => ({ action, status: 'success' }),
    take: ({ action, parameters }: { action: string; parameters: WebhookParameters }) => {
      const key = `${parameters.mixpanel_session_id} ${action}`;
      const session = pages.get(key) ?? new Map<number, string[]>();
      pages.set(key, session);
      session.set(
        parameters.page_info.page_count,
        parameters.members.map(member => member.mixpanel_distinct_id),
      );
      if (session.size < parameters.page_info.total_pages) return;
      const ids = [...session.values()].flat();
      if (action === 'members') members = new Set(ids);
      else if (action === 'add_members') members = members.union(new Set(ids));
      else members = members.difference(new Set(ids));
    },
  };
}

interface WebhookParameters {
  readonly mixpanel_session_id: string;
  readonly page_info: { readonly total_pages: number; readonly page_count: number };
  readonly members: { readonly mixpanel_distinct_id: string }[];
}

/** Braze's partner cohort API. */
function brazeReceiver(): Receiver {
  const members = new Set<string>();
  return {
    members: () => members,
    answer: () => ({ message: 'success' }),
    take: ({
      cohort_changes = [],
    }: {
      cohort_changes?: { user_ids: string[]; should_remove: boolean }[];
    }) => {
      for (const { user_ids, should_remove } of cohort_changes) {
        for (const id of user_ids) {
          if (should_remove) members.delete(id);
          else members.add(id);
        }
      }
    },
  };
}

const person = fc.nat(3).map(number => `user-${number}`);
/**
 * The changes between two runs: users who join (with a Braze ID or without) and leave, and the failure of the
 * next run: at which request, of which kind, and for how many attempts. Six failed attempts in a row end the
 * run.
 */
const round = fc.record({
  join: fc.array(
    fc.record({
      distinct_id: person,
      properties: fc.record({ $braze_external_id: fc.constantFrom('x', 'y', 'z', '') }),
    }),
    {
      maxLength: 4,
    },
  ),
  leave: fc.array(person, { maxLength: 4 }),
  fates: fc.option(
    fc.tuple(
      fc.nat(2),
      fc.constantFrom<Fate>('refused before it was read', 'taken, but the answer is lost'),
      fc.constantFrom(1, 6),
    ),
    { nil: undefined },
  ),
});

it.each([
  ['a webhook', { type: 'webhook', url: 'http://service.example/' }, webhookReceiver],
  ['Braze', { type: 'braze', restEndpoint: 'http://braze.example', dataImportKey: 'key' }, brazeReceiver],
])(
  'after any failed runs, a successful run leaves %s with exactly the members of the cohort',
  async (_, destination, make) => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 6 }), async rounds => {
        const receiver = make();
        let fates: Fate[] = [];
        const mixpanel = createMockMixpanel({
          clock: createClock({ start: 0, frozen: true }),
          settings: { retryWithin: 0 },
          fetch: async (_url, init) => {
            const body = JSON.parse(String(init?.body)) as never;
            const fate = fates.shift() ?? 'taken';
            if (fate !== 'refused before it was read') receiver.take(body);
            if (fate !== 'taken') return new Response('', { status: 503 });
            return Response.json(receiver.answer(body));
          },
        });
        const { cohorts, syncs } = mixpanel.model;
        cohorts.put(1, { name: 'C', description: '', members: [] }, 0);
        const settings = { cohortId: 1, mode: 'dynamic', interval: 7_200_000 } as const;
        syncs.create({ ...settings, destination: destinationSchema.parse(destination) });
        await mixpanel.clock.advance(0);
        for (const { join, leave, fates: next } of rounds) {
          cohorts.change(
            1,
            join.map(({ distinct_id, properties }) => ({ distinctId: distinct_id, properties })),
            leave,
          );
          const [start, fate, attempts] = next ?? [0, 'taken', 0];
          fates = [...Array<Fate>(start).fill('taken'), ...Array<Fate>(attempts).fill(fate)];
          await mixpanel.clock.advance(7_200_000);
        }
        fates = [];
        await mixpanel.clock.advance(7_200_000);
        const { distinctIds, profiles } = cohorts.users(cohorts.get(1));
        const expected = distinctIds.map((id, index) =>
          destination.type === 'braze' ? String(profiles[index]?.$braze_external_id || id) : id,
        );
        expect([...receiver.members()].sort()).toEqual([...new Set(expected)].sort());
        await mixpanel.close();
      }),
      { numRuns: 150 },
    );
  },
);
