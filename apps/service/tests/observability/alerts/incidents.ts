import { accepts, answers, type FakeMixpanel } from '../../../src/testing/fake-mixpanel.ts';
import type { FakeQueryApi } from '../../../src/testing/fake-query-api.ts';
import { hours } from './alert-run.ts';

/** The conditions of a quarter of an hour of the scenario; incidents change them. */
export class Conditions {
  readonly mixpanel: FakeMixpanel;
  readonly queries: FakeQueryApi;
  batches = true;
  deadly = false;
  pushes = true;
  /** A sync of a cohort that Mixpanel does not have. */
  unknownCohort = false;
  storageFull = false;
  quarantined = 0;
  diskFree = 100e9;
  diskLoss = 0;

  constructor(mixpanel: FakeMixpanel, queries: FakeQueryApi) {
    this.mixpanel = mixpanel;
    this.queries = queries;
  }
}

export interface Incident {
  readonly alert: string;
  readonly what: string;
  readonly lasts: number;
  /** Another alert of the incident, which may fire with it. */
  readonly with?: string;
  readonly begins: (conditions: Conditions) => void;
  readonly ends: (conditions: Conditions) => void;
}

/** Incidents that each fire one alert. */
export const incidents: Incident[] = [
  {
    alert: 'BrazeMixpanelSilent',
    what: 'no batch comes',
    lasts: hours(2),
    begins: conditions => {
      conditions.batches = false;
    },
    ends: conditions => {
      conditions.batches = true;
    },
  },
  {
    alert: 'BrazeMixpanelBacklogOld',
    what: 'Mixpanel is down',
    lasts: hours(7),
    begins: ({ mixpanel }) => {
      mixpanel.behaviour = answers(503);
    },
    ends: ({ mixpanel }) => {
      mixpanel.behaviour = accepts;
    },
  },
  {
    alert: 'BrazeMixpanelRefusing',
    what: 'batches cannot be stored',
    lasts: hours(1),
    begins: conditions => {
      conditions.storageFull = true;
    },
    ends: conditions => {
      conditions.storageFull = false;
    },
  },
  {
    alert: 'BrazeMixpanelDiskFills',
    what: 'the disk loses 2.5 GB a quarter of an hour',
    lasts: hours(3),
    begins: conditions => {
      conditions.diskLoss = 2.5e9;
    },
    ends: conditions => {
      conditions.diskLoss = 0;
      conditions.diskFree = 100e9;
    },
  },
  {
    alert: 'BrazeMixpanelDeadLettersGrow',
    what: 'Braze sends an event type that is not known',
    with: 'BrazeMixpanelFirstSeen',
    lasts: hours(1),
    begins: conditions => {
      conditions.deadly = true;
    },
    ends: conditions => {
      conditions.deadly = false;
    },
  },
  {
    alert: 'BrazeMixpanelCohortLate',
    what: 'a cohort cannot be read',
    lasts: hours(6),
    begins: ({ queries }) => queries.spoil({ meddle: () => new Response('', { status: 500 }) }),
    ends: ({ queries }) => queries.spoil({ meddle: () => undefined }),
  },
  {
    alert: 'BrazeMixpanelCohortLate',
    what: 'Mixpanel pushes a cohort no longer',
    lasts: hours(6),
    begins: conditions => {
      conditions.pushes = false;
    },
    ends: conditions => {
      conditions.pushes = true;
    },
  },
  {
    alert: 'BrazeMixpanelCohortLate',
    what: 'a new sync never succeeds',
    lasts: hours(6),
    begins: conditions => {
      conditions.unknownCohort = true;
    },
    ends: conditions => {
      conditions.unknownCohort = false;
    },
  },
  {
    alert: 'BrazeMixpanelQuarantined',
    what: 'a batch is quarantined',
    lasts: hours(1),
    begins: conditions => {
      conditions.quarantined = 1;
    },
    ends: conditions => {
      conditions.quarantined = 0;
    },
  },
  {
    alert: 'BrazeMixpanelCredentialsRefused',
    what: 'Mixpanel refuses the credentials',
    lasts: hours(1),
    begins: ({ mixpanel }) => {
      mixpanel.behaviour = answers(401);
    },
    ends: ({ mixpanel }) => {
      mixpanel.behaviour = accepts;
    },
  },
];
