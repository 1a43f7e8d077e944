import { isRecord } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';

const id = z.string().min(1);
const aliasSchema = z.strictObject({ alias_name: id, alias_label: id });

/** A user as the control API accepts it; what is left out stays as it is, or is empty for a new user. */
export const userSchema = z.strictObject({
  braze_id: id.optional(),
  external_id: id.optional(),
  device_ids: z.array(id).optional(),
  aliases: z.array(aliasSchema).optional(),
  /** Not a record of zod's, which leaves out an attribute named `__proto__`. */
  attributes: z.custom<Record<string, unknown>>(isRecord, 'must be an object').optional(),
  timezone: id.optional(),
});
