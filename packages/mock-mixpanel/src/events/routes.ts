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
import { rulesFrom } from '../sources.ts';
import type { EventStore } from './event-store.ts';
import type { StoredEvent } from './stored-event.ts';

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
        ...rulesFrom.exportApi('from_date and to_date (both included) are required'),
        ...rulesFrom.choice(
          'days are in UTC: the project has no other time zone',
          `${notSimulatedInExport.join(' and ')} are refused with 400: not evaluated`,
          "the host of another region than the project's: 401",
        ),
        ...rulesFrom.deduplication('never de-duplicated'),
        ...rulesFrom.rateLimits('60 in an hour, 3 in a second, 100 at once (off until enabled)'),
      ],
      handle: request => gate(request, () => exportEvents(request, model.events)),
    },
  ];
}

function exportEvents(request: SimRequest, events: EventStore): Respond {
  const unknown = notSimulatedInExport.filter(name => request.query.has(name));
  if (unknown.length > 0) {
    const error = `${unknown.join(', ')}: not evaluated by this simulator, so the result would be wrong. Omit it, and filter the result.`;
    return respond(400, { request: request.path, error }, { rule: 'not simulated' });
  }
  const query = querySchema.safeParse(Object.fromEntries(request.query));
  if (!query.success) {
    const error = query.error.issues.map(({ message }) => message).join('; ');
    return respond(400, { request: request.path, error }, { rule: 'export query' });
  }
  const { from_date, to_date, event, limit = Number.POSITIVE_INFINITY } = query.data;
  const from = Date.parse(from_date) / 1000;
  const until = Date.parse(to_date) / 1000 + dayLength;
  const wanted = (stored: StoredEvent) => {
    const time = Number(stored.properties.time);
    return time >= from && time < until && (event === undefined || event.includes(stored.event));
  };
  return respond(200, streamOfText(lines(events, wanted, limit)), {
    headers: { 'content-type': 'text/plain' },
  });
}

async function* lines(
  events: EventStore,
  wanted: (event: StoredEvent) => boolean,
  limit: number,
): AsyncGenerator<string> {
  let left = limit;
  for await (const batch of events.readRaw()) {
    const chosen = batch.filter(wanted).slice(0, left);
    left -= chosen.length;
    if (chosen.length > 0) yield `${chosen.map(event => JSON.stringify(event)).join('\n')}\n`;
    if (left <= 0) return;
  }
}
