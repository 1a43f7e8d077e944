/** Cases of the service with Braze's `/users/track`: one boolean attribute for each cohort. */
import { cohortAttribute, trackErrors, usersTrackLimits } from '@braze-mixpanel/core/braze';
import { memberKey } from '@braze-mixpanel/core/cohorts';
import { defaultRestKey } from '@braze-mixpanel/mock-braze';
import { trackSink } from '@braze-mixpanel/service/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import type { HttpCase } from '../contract.ts';
import { connectionTo, neverStops, vendor } from '../service-connection.ts';
import { assertMeans, type Meaning } from './meaning.ts';

const { string } = MatchersV3;

const cohort = { id: '12345', name: 'Big spenders' };
const attribute = cohortAttribute(cohort.id);
const tooLong = 'x'.repeat(usersTrackLimits.externalIdBytes);

interface Expected {
  readonly states?: HttpCase['interaction']['states'];
  /** External IDs, and whether each user leaves the cohort. */
  readonly changes: readonly (readonly [id: string, remove: boolean])[];
  readonly answer: HttpCase['interaction']['willRespondWith'];
  readonly meant: Meaning;
  readonly restKey?: string;
}

function trackCase(description: string, expected: Expected): HttpCase {
  const { states = [], changes, answer, meant, restKey = defaultRestKey } = expected;
  return {
    interaction: {
      states: [{ description: 'a workspace without cohorts' }, ...states],
      uponReceiving: description,
      withRequest: {
        method: 'POST',
        path: '/users/track',
        headers: { Authorization: `Bearer ${restKey}`, 'Content-Type': 'application/json' },
        body: {
          attributes: changes.map(([external_id, remove]) => ({
            external_id,
            // Otherwise Braze would create a user for every unknown member.
            _update_existing_only: true,
            [attribute]: !remove,
          })),
        },
      },
      willRespondWith: answer,
    },
    async play(url) {
      const sink = trackSink(connectionTo(url, { BRAZE_REST_API_KEY: restKey }).braze, vendor);
      const group = changes.map(([id, remove]) => ({ key: memberKey({ kind: 'external_id', id }), remove }));
      assertMeans(await sink.send(cohort, group, neverStops), meant, restKey);
    },
  };
}

const one = [['ada', false]] as const;

export const trackCases: readonly HttpCase[] = [
  trackCase('attributes that are all accepted', {
    changes: [
      ['ada', false],
      ['alan', true],
    ],
    answer: { status: 201, body: { message: 'success', attributes_processed: 2 } },
    meant: ['accepted'],
  }),
  trackCase('attributes of which one is rejected', {
    changes: [
      ['ada', false],
      [tooLong, false],
    ],
    answer: {
      status: 201,
      body: {
        message: 'success',
        attributes_processed: 1,
        errors: [{ type: string(trackErrors.externalIdTooLong), input_array: 'attributes', index: 1 }],
      },
    },
    meant: ['accepted', 1],
  }),
  trackCase('attributes of which none is accepted', {
    changes: [[tooLong, false]],
    answer: { status: 400, body: { message: trackErrors.noData } },
    meant: ['refused', 'braze_refuses_members'],
  }),
  trackCase('attributes with a wrong key', {
    changes: one,
    restKey: 'wrong-rest-key',
    answer: { status: 401 },
    meant: ['stop', 'braze_credentials_refused'],
  }),
  trackCase('attributes with a key without permission', {
    states: [
      { description: 'a key without the permission users.track', parameters: { key: 'narrow-rest-key' } },
    ],
    changes: one,
    restKey: 'narrow-rest-key',
    answer: { status: 403 },
    meant: ['stop', 'braze_credentials_refused'],
  }),
  ...[429, 500, 503].map(status =>
    trackCase(`attributes answered with ${status}`, {
      states: [{ description: 'Braze answers', parameters: { route: 'users-track', status } }],
      changes: one,
      answer: { status },
      meant: ['retry', status === 429 ? 'braze_throttled' : 'braze_failing'],
    }),
  ),
];
