import type { SimulatorOptions } from '@braze-mixpanel/simulator-kit';
import { sources } from '../sources.ts';

/** What Currents do of their own accord, for `/_sim/coverage`. */
export const currentsBehaviours: SimulatorOptions['behaviours'] = [
  {
    id: 'currents-custom-http',
    rules: [
      {
        rule: '`{"events":[…]}` with `Braze-Currents-Version: 1`, and `Authorization: Bearer` when there is a token',
        source: sources.customHttp,
      },
      { rule: 'one queue per event type, batches of up to 100 (settable)', source: sources.customHttp },
      {
        rule: 'a batch leaves when it is full, or after about 5 minutes (settable)',
        source: sources.customHttp,
      },
      { rule: 'an event above 900 KB is dropped', source: sources.customHttp },
      { rule: 'a credential probe is a request without events', source: sources.customHttp },
      {
        rule: 'during a change of token both tokens arrive for a while (when asked for)',
        source: sources.customHttp,
      },
      {
        rule: 'at least once and in no order: duplicates and disorder come when asked for',
        source: sources.customHttp,
      },
      { rule: '2XX: never sent again', source: sources.customHttp },
      {
        rule: '400: again one event at a time, a second 400 drops the event',
        source: sources.customHttp,
      },
      {
        rule: '401, 403, 404: not sent again while failing; disabled after 5 days, the queue kept for 7 days',
        source: sources.customHttp,
      },
      {
        rule: '401, 403, 404, older generation: again after 2 to 5 minutes, dropped after 48 h',
        source: sources.customHttpOld,
      },
      {
        rule: '401, 403, 404: new events are tried once, and the first 2XX sends what was held',
        source: sources.choice,
      },
      { rule: '413: again in halves', source: sources.customHttp },
      { rule: '413 for a single event: dropped', source: sources.choice },
      {
        rule: '429, 5XX, anything else, no answer: exponential back-off with jitter; disabled after 5 days',
        source: sources.customHttp,
      },
      { rule: 'the same, older generation: dropped after 24 h', source: sources.customHttpOld },
      { rule: 'back-off from 1 s to 15 minutes, request time-out 30 s (settable)', source: sources.choice },
      { rule: '"send test events" sends one event of each selected type', source: sources.customHttp },
    ],
  },
  {
    id: 'currents-mixpanel-export',
    rules: [
      { rule: 'name, contact e-mail, API secret, token and events make one', source: sources.mixpanelPage },
      {
        rule: 'the external id is the distinct id; events without one are not sent',
        source: sources.mixpanelPage,
      },
      { rule: 'event and property names are those of the requested list', source: sources.mixpanelPage },
      {
        rule: '`POST /import?strict=1&ip=0` with the API secret, up to 2,000 events',
        source: sources.choice,
      },
    ],
  },
  {
    id: 'data-import-keys',
    rules: [
      {
        rule: 'the partner page shows the REST endpoint, makes new keys and invalidates old ones',
        source: sources.mixpanelPage,
      },
      { rule: 'a new key stands beside the old one until that is invalidated', source: sources.choice },
    ],
  },
  {
    id: 'segments',
    rules: [{ rule: 'filter Mixpanel_Cohorts includes a cohort', source: sources.mixpanelPage }],
  },
];
