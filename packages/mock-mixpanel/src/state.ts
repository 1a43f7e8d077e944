import { checkControlInput, type StatePort, streamOfText } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import type { MockMixpanelModel } from './mixpanel.ts';
import { settingsChangeSchema } from './project.ts';

const storedEvent = z.strictObject({ event: z.string(), properties: z.record(z.string(), z.unknown()) });

/** All parts may be left out; what is left out is as at the start. */
const stateSchema = z.strictObject({
  settings: settingsChangeSchema.optional(),
  /** Events in the order of receipt, grouped by the moment of it (milliseconds since 1970). */
  batches: z.array(z.strictObject({ receivedAt: z.number(), events: z.array(storedEvent) })).default([]),
});

const hint = 'GET /_sim/state shows its shape; parts that are left out are as at the start.';

/**
 * `/_sim/state`: settings and every imported event. It is written piece by piece, so its size is bounded by the client alone.
 */
export function statePort(model: MockMixpanelModel): StatePort {
  return {
    get: () => streamOfText(written(model)),
    put: value => {
      const { settings = {}, batches } = checkControlInput(value, stateSchema, 'The state', hint);
      model.reset();
      model.change(settings);
      for (const { receivedAt, events } of batches) {
        const body = new TextEncoder().encode(JSON.stringify(events));
        model.events.append({ body, gzip: false, format: 'json' }, events, () => true, receivedAt);
      }
    },
    reset: () => model.reset(),
  };
}

async function* written(model: MockMixpanelModel): AsyncGenerator<string> {
  yield `{"settings":${JSON.stringify(model.settings)},"batches":[`;
  let separator = '';
  for await (const batch of model.events.readBatches()) {
    yield separator + JSON.stringify(batch);
    separator = ',';
  }
  yield ']}';
}
