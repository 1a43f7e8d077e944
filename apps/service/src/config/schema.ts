import { z } from 'zod';
import { checkConnection, checkService } from './rules.ts';
import { serviceShape } from './settings.ts';
import { connectionObject } from './shape.ts';

/** Rules also run where single settings are at fault, so that one refusal names everything. */
const everyTime = { when: () => true };

/** The one schema of the service's configuration: every setting, and the rules that span several of them. */
export const settingsSchema = z
  .strictObject({
    ...serviceShape,
    connections: z.record(z.string(), connectionObject.superRefine(checkConnection, everyTime)),
  })
  .superRefine(checkService, everyTime);
