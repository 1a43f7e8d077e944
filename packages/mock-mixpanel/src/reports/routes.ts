import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import { type Respond, type Route, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { createQueryGate, queryError, queryLimitRules } from '../cohorts/query-gate.ts';
import type { MockMixpanelModel } from '../model.ts';
import { notEvaluated } from '../not-evaluated.ts';
import { rulesFrom } from '../sources.ts';

/** Parameters of the real segmentation query that would change the result and are not evaluated. */
export const notSimulatedInSegmentation = ['on', 'where', 'interval', 'format'];

const dayMs = 86_400_000;
/** Maximum number of days in an answer. */
const mostDays = 1_830;

const date = (name: string) => z.iso.date(`${name} must be a date such as 2026-01-31`);
const only = <Value extends string>(value: Value) =>
  z.literal(value, `this simulator counts by ${value} only`).default(value);
const querySchema = z
  .object({
    event: z.string('event is required').min(1, 'event is required'),
    from_date: date('from_date'),
    to_date: date('to_date'),
    unit: only('day'),
    type: only('general'),
  })
  .transform(({ event, from_date, to_date }) => ({ event, days: daysBetween(from_date, to_date) }))
  .refine(({ days }) => days.length > 0, 'from_date must not be after to_date')
  .refine(({ days }) => days.length <= mostDays, `at most ${mostDays} days in a query`);

/**
 * `GET /api/query/segmentation`: the numbers of an event by day, without duplicates. `/api/2.0/segmentation` is the same.
 * Mixpanel maintains this query and recommends saved Insights reports for new uses; no other documented query counts an
 * event without a report that was saved in the interface. Source: "Query Segmentation Report", read 2026-08.
 */
export function reportRoutes(model: MockMixpanelModel): Route[] {
  const gate = createQueryGate('query', model);
  const route = {
    id: 'segmentation',
    method: 'GET',
    rules: [
      ...rulesFrom.segmentation(
        'the numbers of one event by day, from_date and to_date included: data.series, data.values and legend_size',
        'a service account with project_id, or the API secret',
      ),
      ...rulesFrom.deduplication('counts without duplicates, at once'),
      ...rulesFrom.projectDetails('days are of the time zone of the project'),
      ...rulesFrom.choice(
        `${notSimulatedInSegmentation.join(', ')} are refused with 400, another unit than day and another type than general too: not evaluated`,
        'an event without data has 0 for each day, and legend_size 0',
        `over ${mostDays} days: 400`,
      ),
      ...queryLimitRules(),
    ],
    handle: (request: SimRequest) => gate(request, () => segmentation(request, model)),
  } as const;
  return ['/api/query/segmentation', '/api/2.0/segmentation'].map(path => ({ ...route, path }));
}

function segmentation(request: SimRequest, { events, settings }: MockMixpanelModel): Respond {
  const objection = notEvaluated(notSimulatedInSegmentation, name => request.query.has(name));
  if (objection !== undefined) return queryError(request, 400, objection, 'not simulated');
  const query = querySchema.safeParse(Object.fromEntries(request.query));
  if (!query.success)
    return queryError(
      request,
      400,
      query.error.issues.map(({ message }) => message).join('; '),
      'segmentation query',
    );
  const { event, days } = query.data;
  const counts = events.counts.ofDays(event, days, projectTimeZone(settings.timeZone));
  const values = { [event]: Object.fromEntries(counts) };
  return respond(200, { data: { series: days, values }, legend_size: events.counts.has(event) ? 1 : 0 });
}

function daysBetween(from: string, to: string): string[] {
  const first = Date.parse(from);
  const count = Math.min((Date.parse(to) - first) / dayMs, mostDays) + 1;
  return Array.from({ length: count }, (_, day) => new Date(first + day * dayMs).toISOString().slice(0, 10));
}
