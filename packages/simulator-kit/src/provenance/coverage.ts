import * as z from 'zod';
import { faultKinds } from '../faults/kinds.ts';
import type { Behaviour, Route, Source } from '../types.ts';
import { type RuleStatus, ruleStatuses, statusOf } from './status.ts';

const source = z.object({ from: z.string(), seen: z.string() }).readonly();

const rules = z
  .array(
    z
      .object({
        rule: z.string(),
        source,
        status: z.enum(ruleStatuses),
        /** The source that differs from the followed one, if the status is `contradicted`. */
        contradictedBy: source.optional(),
        /** Date of the last test in which the vendor itself kept this rule, ISO 8601. */
        lastTrue: z.string().optional(),
      })
      .readonly(),
  )
  .readonly();
const coveredSchema = z.object({ id: z.string(), rules });

export const coverageSchema = z
  .object({
    name: z.string(),
    /** What was tested against the vendor itself, in a sentence. */
    notice: z.string(),
    /** Number of rules by status: together all rules under `routes` and `behaviours`. */
    statuses: z
      .object({
        'seen live': z.int(),
        documented: z.int(),
        observed: z.int(),
        contradicted: z.int(),
        chosen: z.int(),
      } satisfies Record<RuleStatus, z.ZodInt>)
      .readonly(),
    /** The vendor's routes, each with its rules once, however many methods and paths it has. */
    routes: z
      .array(
        z
          .object({
            ...coveredSchema.shape,
            /** Methods with their paths, such as `POST /import`. */
            endpoints: z.array(z.string()).readonly(),
            /** Number of requests to all of them since the start or the last reset. */
            hits: z.int(),
            /** The same, by method and path; 0 for those without a request. */
            hitsByEndpoint: z.record(z.string(), z.int()).readonly(),
          })
          .readonly(),
      )
      .readonly(),
    /** What the vendor does without a request. */
    behaviours: z.array(coveredSchema.readonly()).readonly(),
    notSimulated: z.array(z.string()).readonly(),
    /** The fault kinds that `POST /_sim/faults` accepts. */
    faults: z
      .array(z.object({ kind: z.string(), handled: z.string(), client: z.string() }).readonly())
      .readonly(),
    /** The routes of the control API: method and path. */
    control: z.array(z.string()).readonly(),
  })
  .readonly();

/** What a simulator simulates and where it is documented: the answer of `GET /_sim/coverage`. */
export type Coverage = z.output<typeof coverageSchema>;

export interface CoverageParts {
  readonly name: string;
  readonly routes: readonly Route[];
  readonly behaviours: readonly Behaviour[];
  readonly notSimulated: readonly string[];
  readonly control: readonly Route[];
  /** Requests by endpoint. */
  readonly hits: ReadonlyMap<string, number>;
  /** Dates by route ID and rule: see `ruleKey`. */
  readonly lastTrue: Readonly<Record<string, string>>;
}

/** The key of a rule in `lastTrue`: the ID of its route or behaviour, and its text. */
export function ruleKey(id: string, rule: string): string {
  return `${id}: ${rule}`;
}

export function coverageOf(parts: CoverageParts): Coverage {
  const coveredBy = ({ id, rules }: Behaviour) => ({
    id,
    rules: rules.map(each => {
      const { rule, contradictedBy } = each;
      const lastTrue = parts.lastTrue[ruleKey(id, rule)];
      return {
        ...{ rule, source: cited(each.source), status: statusOf(each, lastTrue) },
        ...(contradictedBy && { contradictedBy: cited(contradictedBy) }),
        ...(lastTrue !== undefined && { lastTrue }),
      };
    }),
  });
  const routes = [...Map.groupBy(parts.routes, ({ id }) => id)].map(([id, all]) => {
    const endpoints = all.map(({ method, path }) => `${method} ${path}`);
    const hits = endpoints.map(each => parts.hits.get(each) ?? 0);
    return {
      ...coveredBy({ id, rules: once(all.flatMap(({ rules }) => rules)) }),
      endpoints,
      hits: hits.reduce((sum, each) => sum + each, 0),
      hitsByEndpoint: Object.fromEntries(endpoints.map((each, index) => [each, hits[index] ?? 0])),
    };
  });
  const behaviours = parts.behaviours.map(coveredBy);
  const statuses = countByStatus([...routes, ...behaviours]);
  return {
    name: parts.name,
    notice: noticeOf(statuses),
    statuses,
    routes,
    behaviours,
    notSimulated: parts.notSimulated,
    faults: faultKinds.map(({ kind, handled, client }) => ({ kind, handled, client })),
    control: parts.control.map(({ method, path }) => `${method} ${path}`),
  };
}

function cited({ from, seen }: Source): z.output<typeof source> {
  return { from, seen };
}

/** The rules without those that several endpoints of a route share. */
function once(rules: Behaviour['rules']): Behaviour['rules'] {
  return [...new Map(rules.map(each => [each.rule, each])).values()];
}

function countByStatus(covered: readonly z.output<typeof coveredSchema>[]): Record<RuleStatus, number> {
  const all = covered.flatMap(({ rules }) => rules);
  const count = (wanted: RuleStatus) => all.filter(({ status }) => status === wanted).length;
  return Object.fromEntries(ruleStatuses.map(status => [status, count(status)])) as Record<
    RuleStatus,
    number
  >;
}

function noticeOf(statuses: Record<RuleStatus, number>): string {
  const total = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  const live = statuses['seen live'];
  return live === 0
    ? `None of the ${total} rules has met a real account of the vendor yet.`
    : `${live} of the ${total} rules were seen to hold for a real account of the vendor.`;
}
