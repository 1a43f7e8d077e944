import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { appliedRules, eventNameOf, mapEvent } from '@braze-mixpanel/core/mapping';
import { z } from 'zod';
import { eventsOf } from '../../events/body/stored-body.ts';
import { optionsOf } from '../../events/delivery/map-rows.ts';
import { verdictOf } from '../../events/delivery/verdict.ts';
import type { KeptBatch, KeptRequest, RecentTraffic } from './recent-traffic.ts';

const nullable = z.string().nullable();

/** A request as the API shows it. */
export const requestSchema = z.object({
  number: z.int(),
  at: z.string(),
  durationMs: z.number(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  status: z.int().nullable().describe('`null` where there was no complete answer.'),
  answer: z.string(),
  body: z.string().describe('The sent body, decompressed; of a request with many events, that event alone.'),
  events: z.int().describe('Events of the request; 0 for one of members.'),
});

const states = ['imported', 'waiting', 'failing', 'refused', 'skipped', 'dead', 'shadow', 'unknown'] as const;

/** An event in the list. */
export const followedSchema = z.object({
  id: z.string().describe('Of the event in this list: its batch and its place there.'),
  connection: z.string(),
  receivedAt: z.string(),
  eventId: nullable,
  eventType: nullable,
  name: z.string().describe('Name in Mixpanel, if it has or would have one.'),
  user: nullable,
  campaign: nullable,
  insertId: nullable,
  state: z
    .enum(states)
    .describe(
      '`unknown`: no request of it is kept, and there may have been one: newer ones took its place, or another replica sent it.',
    ),
  reason: nullable.describe('Why it was skipped, refused or is a dead letter.'),
});
export type Followed = z.output<typeof followedSchema>;

/** One event with everything that is kept of it. */
export const followedEventSchema = followedSchema.extend({
  original: z.unknown().describe('The event as Braze sent it, without redacted fields.'),
  mapped: z.unknown().describe('The event as it is sent to Mixpanel; `null` where it is not mapped.'),
  rules: z.array(z.object({ rules: z.array(z.string()).readonly(), from: nullable, to: nullable })),
  batch: z.object({
    id: z.int(),
    events: z.int(),
    bytes: z.int(),
    index: z.int(),
    options: z.string().describe('The mapping options that the batch was accepted under, as text.'),
  }),
  requests: z.array(requestSchema),
});

interface Parts {
  readonly traffic: RecentTraffic;
  readonly withoutSecrets: (text: string) => string;
  /** Whether other processes may send the events that this one accepted. */
  readonly shared: boolean;
  /** Whether a user is forgotten, whose later events are in memory, too. They are not shown. */
  readonly isForgotten: (externalId: string) => boolean;
}

/**
 * The newest events, newest first, that have the searched text in an ID, a name, a campaign or a reason. Other work goes
 * on between two batches.
 */
export async function followedEvents(
  { search, newest }: { readonly search: string; readonly newest: number },
  parts: Parts,
): Promise<readonly Followed[]> {
  const wanted = search.toLowerCase();
  const found: Followed[] = [];
  for (const batch of parts.traffic.batches()) {
    await yieldToEvents();
    const events = eventsOf(batch.body);
    for (let index = events.length - 1; index >= 0; index -= 1) {
      const followed = followedOf(events[index], index, batch, parts).followed;
      if (isHidden(followed, parts) || (wanted !== '' && !searched(followed).includes(wanted))) continue;
      found.push(followed);
      if (found.length >= newest) return found;
    }
  }
  return found;
}

const isHidden = ({ user }: Followed, { isForgotten }: Parts): boolean => user !== null && isForgotten(user);

const searched = ({ eventId, eventType, name, user, campaign, insertId, state, reason }: Followed): string =>
  [eventId, eventType, name, user, campaign, insertId, state, reason].join('\n').toLowerCase();

/** One event of the list; `undefined` where its batch is no longer kept. */
export function followedEvent(id: string, parts: Parts): z.output<typeof followedEventSchema> | undefined {
  const [batchId, place] = id.split('-').map(Number);
  const batch = parts.traffic.batches().find(each => each.id === batchId);
  const event = batch && eventsOf(batch.body)[place ?? -1];
  if (batch === undefined || event === undefined || place === undefined) return undefined;
  const { followed, mapped } = followedOf(event, place, batch, parts);
  if (isHidden(followed, parts)) return undefined;
  return {
    ...followed,
    original: event,
    mapped: mapped?.event ?? null,
    rules: mapped === undefined ? [] : [...appliedRules(event, optionsOf(batch.profile), mapped)],
    batch: {
      ...{ id: batch.id, events: batch.events, bytes: batch.body.byteLength, index: place },
      options: batch.profile,
    },
    requests:
      mapped === undefined
        ? []
        : parts.traffic.requestsOf(mapped.insertId).map(each => shown(each, parts, mapped.insertId)),
  };
}

interface Wanted {
  readonly search: string;
  readonly of?: 'events' | 'members' | undefined;
  readonly newest: number;
}

/**
 * Requests of events, of members or of either whose body has a text as a value, newest first. Other work goes on between
 * two of them.
 */
export async function requestsWith(
  { search, of, newest }: Wanted,
  parts: Parts,
): Promise<z.output<typeof requestSchema>[]> {
  // As JSON has it between its quotation marks.
  const wanted = JSON.stringify(search);
  const found: KeptRequest[] = [];
  for (const request of parts.traffic.requests()) {
    if (found.length >= newest) break;
    await yieldToEvents();
    const isOfEvents = request.insertIds.length > 0;
    if (of !== undefined && (of === 'events') !== isOfEvents) continue;
    if (request.body.includes(wanted)) found.push(request);
  }
  return found.map(each => shown(each, parts));
}

function followedOf(event: unknown, index: number, batch: KeptBatch, parts: Parts) {
  const options = optionsOf(batch.profile);
  const result = mapEvent(event, options, batch.receivedAt);
  const given = (event ?? {}) as {
    id?: unknown;
    event_type?: unknown;
    user?: { external_user_id?: unknown } | null;
    properties?: { campaign_name?: unknown; campaign_id?: unknown } | null;
  };
  const mapped = result.outcome === 'mapped' ? result : undefined;
  const outcome =
    result.outcome === 'mapped'
      ? outcomeOf(result.insertId, batch, parts)
      : { state: result.outcome, reason: result.reason };
  const followed: Followed = {
    ...{ id: `${batch.id}-${index}`, connection: batch.connection },
    receivedAt: new Date(batch.receivedAt).toISOString(),
    ...{ eventId: textOr(given.id), eventType: textOr(given.event_type) },
    ...{ name: mapped?.name ?? eventNameOf(event, options), user: textOr(given.user?.external_user_id) },
    campaign: textOr(given.properties?.campaign_name) ?? textOr(given.properties?.campaign_id),
    insertId: mapped?.insertId ?? null,
    ...(options.shadow && mapped ? { state: 'shadow', reason: 'shadow' } : outcome),
  };
  return { followed, mapped };
}

function outcomeOf(
  insertId: string,
  { receivedAt }: KeptBatch,
  { traffic, withoutSecrets, shared }: Parts,
): Pick<Followed, 'state' | 'reason'> {
  const request = traffic.requestsOf(insertId).at(-1);
  if (request === undefined) {
    const { requestsSince } = traffic;
    // The requests of its time may be gone.
    const mayBeGone = requestsSince !== undefined && requestsSince > receivedAt && traffic.hasDropped;
    return { state: mayBeGone || shared ? 'unknown' : 'waiting', reason: null };
  }
  const { status, answer, insertIds } = request;
  const exchange =
    status === undefined
      ? ({ kind: 'lost', why: answer } as const)
      : ({ kind: 'answered', status, body: answer, retryAfterMs: undefined } as const);
  const verdict = verdictOf(exchange, insertIds, withoutSecrets);
  if (verdict.kind === 'imported') return { state: 'imported', reason: null };
  if (verdict.kind === 'partly_refused') {
    const refused = verdict.refused.get(insertIds.indexOf(insertId));
    return refused === undefined
      ? { state: 'imported', reason: null }
      : { state: 'refused', reason: `refused_by_mixpanel: ${refused}` };
  }
  const { detail, code } = verdict.kind === 'unexplained' ? verdict.failure : verdict;
  return { state: 'failing', reason: `${code}: ${detail}` };
}

function shown(
  { number, at, durationMs, url, headers, body, status, answer, insertIds }: KeptRequest,
  { withoutSecrets }: Parts,
  insertId?: string,
): z.output<typeof requestSchema> {
  const index = insertId === undefined ? -1 : insertIds.indexOf(insertId);
  const alone = index === -1 ? body : JSON.stringify([(JSON.parse(body) as unknown[])[index]]);
  return {
    ...{ number, at: new Date(at).toISOString(), durationMs, url: withoutSecrets(url), headers },
    ...{ status: status ?? null, answer: withoutSecrets(answer), body: withoutSecrets(alone) },
    events: insertIds.length,
  };
}

const textOr = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;
