import type { SimulatorOptions } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';

/** What Currents do without a request, for `/_sim/coverage`. */
export const currentsBehaviours: SimulatorOptions['behaviours'] = [
  {
    id: 'currents-custom-http',
    rules: [
      ...rulesFrom.customHttp(
        '`{"events":[…]}` with `Braze-Currents-Version: 1`, and `Authorization: Bearer` when there is a token',
        'one queue per event type, batches of up to 100 (settable)',
        'a batch leaves when it is full, or after about 5 minutes (settable)',
        'an event above 900 KB is dropped',
        'a credential probe is a request without events',
        'during a change of token both tokens arrive for a while (on request)',
        'at least once and in no order: duplicates and disorder on request',
        '2XX: never sent again',
        '400: again one event at a time, a second 400 drops the event',
        '401, 403, 404: not sent again while failing; disabled after 5 days, the queue kept for 7 days',
      ),
      ...rulesFrom.customHttpOld(
        '401, 403, 404, older generation: again after 2 to 5 minutes, dropped after 48 h',
      ),
      ...rulesFrom.choice('401, 403, 404: new events are tried once, and the first 2XX sends what was held'),
      ...rulesFrom.customHttp('413: again in halves'),
      ...rulesFrom.choice('413 for a single event: dropped'),
      ...rulesFrom.customHttp(
        '429, 5XX, anything else, no answer: exponential back-off with jitter; disabled after 5 days',
      ),
      ...rulesFrom.customHttpOld('the same, older generation: dropped after 24 h'),
      ...rulesFrom.choice('back-off from 1 s to 15 minutes, request time-out 30 s (settable)'),
      ...rulesFrom.customHttp('"send test events" sends one event of each selected type'),
      ...rulesFrom.glossary(
        'generated and test events of 2026-07: the 90 event types with a Custom HTTP tab, with its fields',
      ),
    ],
  },
  {
    id: 'currents-names',
    rules: [
      ...rulesFrom.choice(
        'events have `campaign_name` and `canvas_name` null or out of date for an hour after a change, and never tags',
      ),
    ],
  },
  {
    id: 'currents-mixpanel-export',
    rules: [
      ...rulesFrom.mixpanelPage(
        'name, contact e-mail, API secret, token and events make one',
        'the external id is the distinct id; events without one are not sent',
        'event and property names are those of the requested list',
      ),
      ...rulesFrom.glossary(
        'with `generation` 2026-07: names and properties of the Mixpanel tabs; an event type without one is not sent',
      ),
      ...rulesFrom.choice(
        'RCS and LINE events of 2026-07 are named by their titles, since the headings of their tabs collide',
      ),
      ...rulesFrom.choice('`POST /import?strict=1&ip=0` with the API secret, up to 2,000 events'),
    ],
  },
  {
    id: 'currents-storage',
    rules: [
      ...rulesFrom.deliverySemantics(
        'an Avro file per event type, every 5 minutes or 15,000 events, whichever is first; never an empty one',
        'the path has the event type, the UTC hour of queueing and `version=<n>`; files of one hour differ in their offset',
        'files can have duplicates, which have the same `id` (on request)',
      ),
      ...rulesFrom.deliverySemanticsOld(
        'the earlier layout of paths: `<schema-id>/<zone>` instead of `version=<n>/<environment>`',
      ),
      ...rulesFrom.glossary('files have 94 event types in 2026-07, 4 of which Custom HTTP does not carry'),
      ...rulesFrom.sampleFiles('the schemas of 2022-06, in which in-app messages have no `version`'),
      ...rulesFrom.storagePage(
        'the folder is `currents` by default, and is made if it does not exist',
        'without access nothing is written; disabled after 5 days, and then the events are lost',
      ),
      ...rulesFrom.choice(
        'an event that the schema cannot hold is dropped, and counted',
        'late, corrupt and truncated files on request',
        'nothing is written outside of the storage folder; files are complete when they appear, and never overwritten',
      ),
    ],
  },
  {
    id: 'data-import-keys',
    rules: [
      ...rulesFrom.mixpanelPage(
        'the partner page shows the REST endpoint, makes new keys and invalidates old ones',
      ),
      ...rulesFrom.choice('a new key works alongside the old one until that is invalidated'),
    ],
  },
  {
    id: 'segments',
    rules: [...rulesFrom.mixpanelPage('filter Mixpanel_Cohorts includes a cohort')],
  },
];
