import { z } from 'zod';
import { connectionShape, serviceShape } from './settings.ts';

export const connectionObject = z.strictObject(connectionShape);
export type ConnectionSettings = z.output<typeof connectionObject>;

/** All settings, each checked alone: those of the process, and those of each connection by name. */
const settingsObject = z.strictObject({
  ...serviceShape,
  connections: z.record(z.string(), connectionObject),
});
export type Settings = z.output<typeof settingsObject>;
