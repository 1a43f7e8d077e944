import {
  ControlInputError,
  controlRoutes,
  documented,
  jsonText,
  type Respond,
  respond,
  withBody,
} from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { flagOf } from '../control-input.ts';
import type { MockMixpanelModel } from '../model.ts';
import { writtenRule } from './cohort-rule.ts';
import type { Cohort, CohortStore } from './cohort-store.ts';
import { cohortIdOf, cohortInput, membersInput } from './input.ts';

const shownSchema = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  created: z.string(),
  count: z.int(),
  /** The rule, of a cohort by rule. */
  rule: z.looseObject({ did: z.array(z.unknown()), profile: z.array(z.unknown()) }).optional(),
  members: z
    .array(z.object({ distinct_id: z.string(), properties: z.record(z.string(), z.unknown()) }))
    .optional(),
});

/** Number of members per chunk of an answer. */
const piece = 5_000;

/**
 * The routes `/_sim/cohorts`: `GET` lists all with their members, `GET /:id` returns one (`?members=false`
 * omits these), `PUT /:id` creates or replaces one, `POST /:id/members` adds and removes members, `DELETE
 * /:id` deletes one.
 */
export function cohortControlRoutes({ cohorts, rules, clock }: MockMixpanelModel) {
  return controlRoutes({
    'GET cohorts': documented(
      'The cohorts, with their members.',
      { 200: z.array(shownSchema) },
      {
        query: ['members'],
        handle: request => jsonText(writtenList(cohorts, cohorts.list(), flagOf(request, 'members', true))),
      },
    ),
    'GET cohorts/:id': documented(
      'One cohort, with its members.',
      { 200: shownSchema },
      {
        query: ['members'],
        handle: request => {
          const cohort = cohorts.get(cohortIdOf(request.params.id));
          if (cohort === undefined) return missing(request.params.id);
          return flagOf(request, 'members', true)
            ? jsonText(written(cohorts, cohort))
            : respond(200, summaryOf(cohort));
        },
      },
    ),
    'PUT cohorts/:id': documented(
      'Creates or replaces a cohort, by list or by rule.',
      { 200: shownSchema },
      withBody(cohortInput.schema, cohortInput.example, async (given, { params }) => {
        const id = cohortIdOf(params.id);
        const { name = `Cohort ${id}`, description, members = [], rule } = given;
        if (rule !== undefined)
          return respond(200, summaryOf(await rules.put(id, { name, description }, rule, clock.now())));
        rules.drop(id);
        return respond(200, summaryOf(cohorts.put(id, { name, description, members }, clock.now())));
      }),
    ),
    'POST cohorts/:id/members': documented(
      'Adds members to a cohort by list, and removes members.',
      { 200: shownSchema.extend({ added: z.int(), removed: z.int() }) },
      withBody(membersInput.schema, membersInput.example, ({ add, remove }, { params }) => {
        const id = cohortIdOf(params.id);
        const cohort = cohorts.get(id);
        if (cohort?.rule !== undefined)
          throw new ControlInputError(
            `Cohort ${id} is by rule: its members follow from events and profiles. PUT /_sim/cohorts/${id} with members turns it into a list.`,
          );
        const changed = cohorts.change(id, add, remove);
        if (changed === undefined || cohort === undefined) return missing(params.id);
        return respond(200, { ...summaryOf(cohort), ...changed });
      }),
    ),
    'DELETE cohorts/:id': documented(
      'Deletes a cohort.',
      { 200: z.object({ status: z.literal('deleted') }) },
      ({ params }) => {
        const id = cohortIdOf(params.id);
        rules.drop(id);
        return cohorts.delete(id) ? respond(200, { status: 'deleted' }) : missing(params.id);
      },
    ),
  });
}

function missing(id = ''): Respond {
  return respond(404, {
    error: `There is no cohort ${id}. PUT /_sim/cohorts/${id} creates one, GET /_sim/cohorts lists them.`,
  });
}

function summaryOf({ id, name, description, createdAt, rule, members }: Cohort) {
  return {
    ...{ id, name, description, created: new Date(createdAt).toISOString(), count: members.size },
    ...(rule !== undefined && { rule: writtenRule(rule) }),
  };
}

function* writtenList(
  cohorts: CohortStore,
  list: readonly Cohort[],
  withMembers: boolean,
): Generator<string> {
  yield '[';
  for (const [index, cohort] of list.entries()) {
    if (index > 0) yield ',';
    if (withMembers) yield* written(cohorts, cohort);
    else yield JSON.stringify(summaryOf(cohort));
  }
  yield ']';
}

function* written(cohorts: CohortStore, cohort: Cohort): Generator<string> {
  const { distinctIds, profiles } = cohorts.users(cohort);
  yield `${JSON.stringify(summaryOf(cohort)).slice(0, -1)},"members":[`;
  for (let start = 0; start < distinctIds.length; start += piece) {
    const texts = distinctIds
      .slice(start, start + piece)
      .map((id, index) => JSON.stringify({ distinct_id: id, properties: profiles[start + index] ?? {} }));
    yield (start === 0 ? '' : ',') + texts.join(',');
  }
  yield ']}';
}
