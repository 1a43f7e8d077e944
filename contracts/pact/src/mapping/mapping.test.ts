import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';
import type { ImportEvent } from '@braze-mixpanel/core/mixpanel';
import { expect, it } from 'vitest';
import { fileOf } from '../contract.ts';
import { committed } from '../pact-file.ts';
import { verifyContract } from '../verify-contract.ts';
import { mappingContract, sentByBraze } from './cases.ts';

/** Verifies the mapping, or one that does something more to what it has mapped. */
const verify = (change: (event: ImportEvent) => ImportEvent = event => event) =>
  verifyContract({
    file: committed(fileOf(mappingContract)),
    states: { [sentByBraze]: async () => undefined },
    provider: {
      produce({ event }) {
        const result = mapEvent(event, { catalogueVersion: catalogue2022_06 }, 1_800_000_000_000);
        return result.outcome === 'mapped' ? change(result.event) : result;
      },
    },
  });

it('every event type becomes the event that its contract names, and nothing else', () => verify());

it.each<[string, (event: ImportEvent) => ImportEvent]>([
  ['gives an event another name', event => ({ ...event, event: event.event.replace('Email ', 'E-mail ') })],
  [
    'leaves the prefix of custom events out',
    event => ({ ...event, event: event.event.replace('[Braze Custom Event] ', '') }),
  ],
  [
    'adds a property that is not listed',
    event => ({ ...event, properties: { ...event.properties, extra: true } }),
  ],
  [
    'makes a text of the time',
    event => ({
      ...event,
      properties: { ...event.properties, time: String(event.properties.time) as never },
    }),
  ],
])('a mapping that %s breaks the contract', async (_, change) => {
  await expect(verify(change)).rejects.toThrow('The contract is not kept.');
});
