import { z } from 'zod';
import { checkConnection, checkService } from './rules.ts';
import { connectionShape, serviceShape } from './settings.ts';

const connectionObject = z.strictObject(connectionShape);
export type ConnectionSettings = z.output<typeof connectionObject>;

const everyTime = { when: () => true };

/** The one schema of the service's configuration: the settings of the process and those of each connection by name. */
const settingsObject = z.strictObject({
  ...serviceShape,
  connections: z.record(z.string(), connectionObject.superRefine(checkConnection, everyTime)),
});
export type Settings = z.output<typeof settingsObject>;

export const settingsSchema = settingsObject.superRefine(checkService, everyTime);
