import { z } from 'zod';
import { checkConnection, checkService } from './rules.ts';
import { serviceShape } from './settings.ts';
import { connectionObject } from './shape.ts';

/** Rules also run if single settings are invalid, so that one error lists everything. */
const everyTime = { when: () => true };

/** Schema of the configuration: every setting, and the rules that span several of them. */
export const settingsSchema = z
  .strictObject({
    ...serviceShape,
    connections: z.record(z.string(), connectionObject.superRefine(checkConnection, everyTime)),
  })
  .superRefine(checkService, everyTime);
