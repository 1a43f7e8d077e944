import { isRecord } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import { occurrencesSchema } from './history.ts';

const id = z.string().min(1);
const aliasSchema = z.strictObject({ alias_name: id, alias_label: id });

/** A user as the control API accepts it. Omitted fields are unchanged, or empty for a new user. */
export const userSchema = z.strictObject({
  braze_id: id.optional(),
  external_id: id.optional(),
  device_ids: z.array(id).optional(),
  aliases: z.array(aliasSchema).optional(),
  /** Not a record of zod, which drops an attribute named `__proto__`. */
  attributes: z.custom<Record<string, unknown>>(isRecord, 'must be an object').optional(),
  timezone: id.optional(),
  custom_events: occurrencesSchema.optional(),
  purchases: occurrencesSchema.optional(),
  total_revenue: z.number().optional(),
});
