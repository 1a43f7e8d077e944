/** The body of `POST /_sim/emit`: events to emit, or a number of sample events to generate. */
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { ControlInputError } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { MockBrazeModel } from '../model.ts';
import { settingsSchema } from '../settings.ts';
import { readSelection, unknownNames } from './selection.ts';

const generateSchema = z.strictObject({
  count: z.int().min(1).max(1_000_000),
  /** Event types or Mixpanel event names; all known types by default. */
  types: z.array(z.string().min(1)).min(1).optional(),
  seed: z.union([z.string(), z.number()]).optional(),
});

export const emitSchema = z
  .object({
    /** Not validated: there may be a hundred thousand events, and invalid ones are allowed on purpose. */
    events: z.custom<readonly unknown[]>(Array.isArray, 'must be an array').optional(),
    generate: generateSchema.optional(),
    /** Sends everything at once; if false, only full batches. */
    flush: z.boolean().default(true),
    ...settingsSchema.pick({ duplicates: true, disorder: true }).shape,
  })
  .refine(({ events, generate }) => events ?? generate, 'expected an object with "events" or "generate"');

export const emitExample = {
  events: [
    {
      event_type: 'users.messages.email.Send',
      id: '…',
      time: 1_700_000_000,
      user: { external_user_id: 'user-1' },
      properties: {},
    },
  ],
};

/** The events to emit. @throws ControlInputError if none can be generated. */
export function eventsOf(
  { events, generate }: z.output<typeof emitSchema>,
  model: MockBrazeModel,
): readonly unknown[] {
  if (events !== undefined || generate === undefined) return events ?? [];
  const selection = readSelection(generate.types ?? 'all');
  if ('unknown' in selection) throw new ControlInputError(`"types" ${unknownNames(selection.unknown)}.`);
  const known = [...catalogue2022_06.byType.keys()];
  const types = selection.all ? known : known.filter(type => selection.types.has(type));
  if (types.length === 0)
    throw new ControlInputError(
      '"types" contains no known event type. For example: {"generate":{"count":100}}',
    );
  const samples = model.samples(generate.count, types, generate.seed);
  if (samples) return samples;
  throw new ControlInputError('There are no users to generate events for. POST /_sim/users creates some.');
}
