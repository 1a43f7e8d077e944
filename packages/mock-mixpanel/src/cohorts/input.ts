import { ControlInputError } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import type { Member } from './cohort-store.ts';

const distinctId = z.string().min(1);

/** A member with its profile, or a distinct id alone. */
const member = z.union([
  distinctId.transform((id): Member => ({ distinctId: id, properties: undefined })),
  z
    .strictObject({ distinct_id: distinctId, properties: z.record(z.string(), z.unknown()).optional() })
    .transform(({ distinct_id, properties }): Member => ({ distinctId: distinct_id, properties })),
]);

const example = { distinct_id: 'ada', properties: { $braze_external_id: 'ada-1' } };

export const cohortInput = {
  schema: z.strictObject({
    name: z.string().min(1).optional(),
    description: z.string().default(''),
    members: z.array(member).default([]),
  }),
  example: { name: 'Big spenders', description: 'Spent over 100 in 30 days', members: [example] },
};

export const membersInput = {
  schema: z.strictObject({ add: z.array(member).default([]), remove: z.array(distinctId).default([]) }),
  example: { add: [example], remove: ['grace'] },
};

/** @throws ControlInputError where a path names no number. */
export function cohortIdOf(text = ''): number {
  const id = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(id) && id > 0) return id;
  throw new ControlInputError(
    `Cohort ids are positive whole numbers, and "${text}" is none. For example: /_sim/cohorts/12345`,
  );
}
