import { type CatalogueVersion, catalogue2022_06, catalogueVersions } from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';
import type { ImportEvent } from '@braze-mixpanel/core/mixpanel';
import { expect, it } from 'vitest';
import { fileOf } from '../contract.ts';
import { committed } from '../pact-file.ts';
import { verifyContract } from '../verify-contract.ts';
import { mappingContract, sentByBraze } from './cases.ts';

/** Verifies the mapping, or a mapping with an additional change. */
const verify = (
  catalogueVersion: CatalogueVersion,
  change: (event: ImportEvent) => ImportEvent = event => event,
) =>
  verifyContract({
    file: committed(fileOf(mappingContract(catalogueVersion))),
    states: { [sentByBraze]: async () => undefined },
    provider: {
      produce({ event }) {
        const result = mapEvent(event, { catalogueVersion }, 1_800_000_000_000);
        return result.outcome === 'mapped' ? change(result.event) : result;
      },
    },
  });

it.each([...catalogueVersions.values()])(
  'the mapping turns every event type of $id into exactly the event of its contract',
  catalogueVersion => verify(catalogueVersion),
);

it.each<[string, (event: ImportEvent) => ImportEvent]>([
  ['renames an event', event => ({ ...event, event: event.event.replace('Email ', 'E-mail ') })],
  [
    'omits the prefix of custom events',
    event => ({ ...event, event: event.event.replace('[Braze Custom Event] ', '') }),
  ],
  [
    'adds a property that is not listed',
    event => ({ ...event, properties: { ...event.properties, extra: true } }),
  ],
  [
    'turns the time into text',
    event => ({
      ...event,
      properties: { ...event.properties, time: String(event.properties.time) as never },
    }),
  ],
])('the verification fails for a mapping that %s', async (_, change) => {
  await expect(verify(catalogue2022_06, change)).rejects.toThrow('The contract is not kept.');
});
