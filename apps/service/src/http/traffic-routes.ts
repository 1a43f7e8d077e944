import { z } from 'zod';
import {
  followedEvent,
  followedEventSchema,
  followedEvents,
  followedSchema,
  requestSchema,
  requestsWith,
} from '../observability/traffic/followed-events.ts';
import type { RecentTraffic } from '../observability/traffic/recent-traffic.ts';
import type { Tombstones } from '../privacy/tombstones.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

const keeps = z.boolean().describe('Whether `KEEP_TRAFFIC` is set; otherwise nothing is kept.');
const since = z.iso
  .datetime()
  .nullable()
  .describe(
    'When the oldest kept one was accepted or sent; older ones are not kept. `null` where none is kept.',
  );
const search = z.string().max(1_000);
const newest = z.int().min(1).max(500).default(200);

const trafficEndpoints = {
  events: endpoint({
    method: 'post',
    path: '/api/traffic/events',
    summary:
      'The newest accepted events that are kept in memory, with what became of each; reads only. `search` is a part of an ID, a name, a campaign or a reason: in the body, since proxies log addresses.',
    bodyLimit: '10kb',
    body: z.strictObject({ search: search.default(''), newest }).prefault({}),
    expected: 'Expected a JSON object {"search":"…","newest":200}, both optional.',
    answer: z.object({ keeps, since, events: z.array(followedSchema).readonly() }),
  }),
  event: endpoint({
    method: 'get',
    path: '/api/traffic/events/:id',
    summary: 'One kept event: its original, the mapped form with the rules that applied, and its requests.',
    answer: followedEventSchema,
    errors: ['traffic_not_kept'],
  }),
  requests: endpoint({
    method: 'post',
    path: '/api/traffic/requests',
    summary:
      'The newest kept requests to Braze and Mixpanel that have a text, such as an external ID, as a value; reads only.',
    bodyLimit: '10kb',
    body: z.strictObject({
      search: search.min(1),
      of: z.enum(['events', 'members']).optional(),
      newest: newest.default(20),
    }),
    expected: 'Expected a JSON object {"search":"…"}, optionally with "of" (events or members) and "newest".',
    answer: z.object({ keeps, since, requests: z.array(requestSchema) }),
  }),
};

export interface TrafficRoutesOptions {
  /** `undefined` where nothing is kept. */
  readonly traffic: RecentTraffic | undefined;
  readonly withoutSecrets: (text: string) => string;
  /** Whether other processes may send the events that this one accepted. */
  readonly shared: boolean;
  readonly tombstones: Pick<Tombstones, 'refresh' | 'has'>;
}

/** `/api/traffic`: recent events and requests, for the console. */
export function trafficRoutes({ traffic, tombstones, ...rest }: TrafficRoutesOptions): ApiRoute[] {
  const prepared = async () => {
    // Without storage, the users of the last reading are hidden.
    await tombstones.refresh().catch(() => undefined);
    return traffic && { ...rest, traffic, isForgotten: (externalId: string) => tombstones.has(externalId) };
  };
  return [
    apiRoute(trafficEndpoints.events, async ({ body }) => {
      const parts = await prepared();
      const events = parts ? await followedEvents(body, parts) : [];
      return { keeps: parts !== undefined, since: momentOf(traffic?.batchesSince), events };
    }),
    apiRoute(trafficEndpoints.event, async ({ id }) => {
      const parts = await prepared();
      const found = parts && followedEvent(id, parts);
      if (found === undefined) throw new ApiError('traffic_not_kept');
      return found;
    }),
    apiRoute(trafficEndpoints.requests, async ({ body }) => {
      const parts = await prepared();
      const requests = parts ? await requestsWith(body, parts) : [];
      return { keeps: parts !== undefined, since: momentOf(traffic?.requestsSince), requests };
    }),
  ];
}

const momentOf = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString();
