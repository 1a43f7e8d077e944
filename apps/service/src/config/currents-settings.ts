import { catalogueVersions } from '@braze-mixpanel/core/currents';
import { defaultCatalogueVersion } from './default-catalogue-version.ts';
import { notes } from './setting-notes.ts';
import * as value from './values.ts';

/** Most entries of CURRENTS_NAMES: more than twice the event types of a catalogue version. */
const mostNames = 200;

/** Settings of a connection: which events of Currents are accepted, and how they become events of Mixpanel. */
export const currentsShape = {
  CURRENTS_TOKEN: value.secrets().optional().register(notes, {
    about:
      'Bearer token that Braze sends. Comma-separated to rotate: old and new token. Required unless HOST is a loopback address.',
    secret: true,
  }),
  CURRENTS_EVENTS: value.list().optional().register(notes, {
    about:
      'Event types or Mixpanel event names to export, comma-separated; default: `all` that have an event in Braze’s own export to Mixpanel. `all, Agent Executed` adds one that has none.',
  }),
  CURRENTS_REDACT: value.list().optional().register(notes, {
    about:
      'Fields to remove from every event before it is stored, as comma-separated paths: `properties.ip_address,properties.products.*.note`; see docs/privacy.md.',
  }),
  CURRENTS_GENERATION: value
    .oneOf([...catalogueVersions.keys()])
    .prefault(defaultCatalogueVersion)
    .register(notes, {
      about:
        'Version of the catalogue of event and property names; see [catalogue-changes.md](catalogue-changes.md).',
    }),
  CURRENTS_NAMES: value.nameMap(mostNames).optional().register(notes, {
    about:
      'Event names in Mixpanel instead of those of the catalogue: a map in the YAML file, or JSON such as `{"SMS Send To Carrier": "SMS Send to Carrier"}`. Keys are event types or event names of the catalogue.',
  }),
  CURRENTS_UNKNOWN: value.oneOf(['keep', 'send']).prefault('keep').register(notes, {
    about:
      'Events of a type that the catalogue lacks: `keep` makes them dead letters, to be replayed after an upgrade; `send` sends them under a name that derives from the type.',
  }),
  CURRENTS_EXCLUDE: value.list().optional().register(notes, {
    about:
      'Events not to send, comma-separated: `<event>`, `<event> where <property>` or `<event> where <property> = <value>`; `*` is every event. `Email Open where machine_open` leaves out opens by machines.',
  }),
  CURRENTS_SEND_UNLISTED: value
    .flag()
    .prefault('false')
    .register(notes, { about: 'Also send properties that the catalogue does not list.' }),
  COLLECT: value.filesAddress().optional().register(notes, {
    about:
      'Folder or bucket to which a Current exports files, such as `s3://bucket/prefix`: its new files are collected, for a connection that receives no Custom HTTP ([read-from-a-bucket.md](read-from-a-bucket.md)).',
  }),
  COLLECT_INTERVAL: value
    .duration('1m', '24h', '5m')
    .prefault('5m')
    .register(notes, { about: 'Time between two looks for new files.' }),
  ANONYMOUS: value.oneOf(['skip', 'unattributed']).prefault('skip').register(notes, {
    about:
      'Events of users without an external ID: `skip` counts them; `unattributed` sends them with an empty `distinct_id` ([anonymous-events.md](anonymous-events.md)).',
  }),
  MIXPANEL_USER_ID: value.flag().prefault('false').register(notes, {
    about: 'Also send the external ID as `$user_id` ([anonymous-events.md](anonymous-events.md)).',
  }),
};
