import { type ProjectTimeZone, projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import {
  type Respond,
  type Route,
  respond,
  type SimRequest,
  streamOfText,
} from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { createQueryGate } from '../cohorts/query-gate.ts';
import { jsonParameter } from '../json-parameter.ts';
import type { MockMixpanelModel } from '../model.ts';
import { notEvaluated } from '../not-evaluated.ts';
import { rulesFrom } from '../sources.ts';
import { compressed } from './compressed.ts';
import type { EventStore } from './event-store.ts';

const maximum = 100_000;
const dayLength = 86_400;

/** Parameters of the real export that would change the result and are not evaluated. */
export const notSimulatedInExport = ['where', 'time_in_ms'];

const limitRule = `limit must be a whole number from 1 to ${maximum}`;
const querySchema = z.object({
  from_date: z.iso.date('from_date must be a date such as 2026-01-31'),
  to_date: z.iso.date('to_date must be a date such as 2026-01-31'),
  event: jsonParameter(
    z.array(z.string()),
    'event must be a JSON array of event names, for example ["Email Send"]',
  ).optional(),
  limit: z.coerce.number(limitRule).int(limitRule).min(1, limitRule).max(maximum, limitRule).optional(),
});

type ExportQuery = z.output<typeof querySchema>;

/** `GET /api/2.0/export`: raw events as JSON lines. */
export function exportRoutes(model: MockMixpanelModel): Route[] {
  const gate = createQueryGate('export', model);
  return [
    {
      id: 'export',
      method: 'GET',
      path: '/api/2.0/export',
      rules: [
        ...rulesFrom.authentication('service account with project_id, or API secret'),
        ...rulesFrom.exportApi(
          'from_date and to_date (both included) are required',
          'each event has mp_processing_time_ms, its time of receipt',
          'over 1,400 bytes: compressed with gzip if the client accepts it',
        ),
        ...rulesFrom.exportTimes(
          'days and time are in UTC, or for a project from before 2023 in its time zone (settings timeZone and exportsUtc)',
        ),
        ...rulesFrom.exportConnectors('to_date after today: 400 to_date cannot be later than today'),
        ...rulesFrom.choice(
          'a change of the time zone applies to stored events as well',
          `${notSimulatedInExport.join(' and ')} are refused with 400: not evaluated`,
          'from_date after to_date: 400',
          "the host of another region than the project's: 401",
        ),
        ...rulesFrom.deduplication('never de-duplicated'),
        ...rulesFrom.rateLimits('60 in an hour, 3 in a second, 100 at once (off until enabled)'),
      ],
      handle: request => gate(request, () => exportEvents(request, model)),
    },
  ];
}

async function exportEvents(request: SimRequest, model: MockMixpanelModel): Promise<Respond> {
  const refuse = (error: string, rule: string) => respond(400, { request: request.path, error }, { rule });
  const objection = notEvaluated(notSimulatedInExport, name => request.query.has(name));
  if (objection !== undefined) return refuse(objection, 'not simulated');
  const query = querySchema.safeParse(Object.fromEntries(request.query));
  if (!query.success)
    return refuse(query.error.issues.map(({ message }) => message).join('; '), 'export query');
  const { exportsUtc, timeZone } = model.settings;
  const zone = projectTimeZone(exportsUtc ? 'UTC' : timeZone);
  if (query.data.to_date > zone.dayOf(model.clock.now()))
    return refuse('to_date cannot be later than today', 'to_date in the future');
  if (query.data.from_date > query.data.to_date)
    return refuse('from_date must not be after to_date', 'from_date after to_date');
  const times = timesOf(query.data);
  const isDropped = model.events.mayLack(
    query.data.event,
    (first, last) => zone.toLocal(first) < times.until && zone.toLocal(last) >= times.from,
  );
  if (isDropped)
    return refuse(
      `this simulator keeps its newest ${model.events.raw.toLocaleString('en-US')} events and has dropped others of these days: request days after ${zone.dayOf(model.events.lastDropped(query.data.event) * 1_000)}`,
      'not simulated',
    );
  const body = streamOfText(lines(model.events, { ...query.data, ...times }, zone));
  return compressed(request, body, { 'content-type': 'text/plain' });
}

/** Local times of the first second of a query's days, and of the first one after them. */
const timesOf = ({ from_date, to_date }: ExportQuery) => ({
  from: Date.parse(from_date) / 1000,
  until: Date.parse(to_date) / 1000 + dayLength,
});

async function* lines(
  events: EventStore,
  query: Pick<ExportQuery, 'event' | 'limit'> & ReturnType<typeof timesOf>,
  zone: ProjectTimeZone,
): AsyncGenerator<string> {
  const { event: names, limit = Number.POSITIVE_INFINITY, from, until } = query;
  let left = limit;
  for await (const batch of events.readBatches()) {
    let text = '';
    for (const { event, properties } of batch.events) {
      const time = zone.toLocal(Number(properties.time));
      if (left <= 0 || time < from || time >= until || names?.includes(event) === false) continue;
      left -= 1;
      const exported = { ...properties, time, mp_processing_time_ms: batch.receivedAt };
      text += `${JSON.stringify({ event, properties: exported })}\n`;
    }
    if (text !== '') yield text;
    if (left <= 0) return;
  }
}
