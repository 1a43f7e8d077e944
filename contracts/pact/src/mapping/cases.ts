/**
 * The mapping as messages: the event that Mixpanel must receive for each event of Braze. The expectation is
 * built from the catalogue's names only, not by the mapping, and is complete: an additional property is a
 * difference.
 */
import assert from 'node:assert/strict';
import {
  type CatalogueEntry,
  type CatalogueVersion,
  type CurrentsEvent,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { checkImportEvent } from '@braze-mixpanel/core/mixpanel';
import { consumerIn, type MessageCase, type MessageContract } from '../contract.ts';

/** The provider state with the event. */
export const sentByBraze = 'Braze has sent an event';

function importedAs({ name, naming, properties, free }: CatalogueEntry, event: CurrentsEvent) {
  const own = free ? Object.entries(event.properties[free.wire] as object) : [];
  return {
    event: naming ? `${naming.prefix}${event.properties[naming.wire]}` : name,
    properties: {
      time: event.time,
      distinct_id: event.user.external_user_id,
      $insert_id: event.id,
      $partner_id: 'braze',
      ...Object.fromEntries(
        properties.map(({ wire, mixpanel, source }) => {
          const sent: Readonly<Record<string, unknown>> = source ? { ...event[source] } : event.properties;
          return [mixpanel, sent[wire]];
        }),
      ),
      ...Object.fromEntries(own.map(([key, value]) => [`${free?.prefix}${key}`, value])),
    },
  };
}

/** The contract in a catalogue version, with every event type that has a Mixpanel event. */
export function mappingContract(catalogueVersion: CatalogueVersion): MessageContract {
  const random = seededRandom(2022);
  const entries = catalogueVersion.entries.filter(({ noMixpanelEvent }) => !noMixpanelEvent);
  return {
    kind: 'messages',
    consumer: consumerIn(catalogueVersion, 'mixpanel-import'),
    provider: 'service-mapping',
    cases: entries.map((entry): MessageCase => {
      const event = sampleEvent(entry, {
        random,
        time: 1_700_000_000,
        externalUserId: 'customer-1',
        unlisted: true,
      });
      return {
        description: `${entry.name} for ${entry.eventType}`,
        state: { description: sentByBraze, parameters: { event } },
        content: importedAs(entry, event),
        async play(content) {
          assert.deepEqual(checkImportEvent(content), []);
        },
      };
    }),
  };
}
