/** Cases of the service with Braze's `/users/export/ids`: whether users have what Braze accepted. */
import assert from 'node:assert/strict';
import { cohortAttribute } from '@braze-mixpanel/core/braze';
import { memberKey } from '@braze-mixpanel/core/cohorts';
import { defaultRestKey } from '@braze-mixpanel/mock-braze';
import { trackSink } from '@braze-mixpanel/service/contracts';
import type { HttpCase } from '../contract.ts';
import { connectionTo, neverStops, vendor } from '../service-connection.ts';

const cohort = { id: '12345', name: 'Big spenders' };
const attribute = cohortAttribute(cohort.id);
const asked = ['ada', 'alan', 'nobody'];
const changes = asked.map(id => ({ key: memberKey({ kind: 'external_id', id }), remove: false }));

function readBackCase(
  description: string,
  states: NonNullable<HttpCase['interaction']['states']>,
  answer: HttpCase['interaction']['willRespondWith'],
  { restKey = defaultRestKey, meant }: { restKey?: string; meant: object },
): HttpCase {
  return {
    interaction: {
      states: [{ description: 'a workspace without cohorts' }, ...states],
      uponReceiving: description,
      withRequest: {
        method: 'POST',
        path: '/users/export/ids',
        headers: { Authorization: `Bearer ${restKey}`, 'Content-Type': 'application/json' },
        body: {
          external_ids: asked,
          fields_to_export: ['external_id', 'user_aliases', 'custom_attributes'],
        },
      },
      willRespondWith: answer,
    },
    async play(url) {
      const sink = trackSink(connectionTo(url, { BRAZE_REST_API_KEY: restKey }).braze, vendor);
      const shown = await sink.readBack?.(cohort, changes, neverStops);
      assert.partialDeepStrictEqual(shown, meant);
    },
  };
}

const [ada, alan, nobody] = changes;

export const readBackCases: readonly HttpCase[] = [
  readBackCase(
    'members read back',
    [{ description: 'ada has an attribute', parameters: { attribute } }],
    {
      status: 201,
      body: {
        message: 'success',
        users: [{ external_id: 'ada', custom_attributes: { [attribute]: true } }, { external_id: 'alan' }],
        invalid_user_ids: ['nobody'],
      },
    },
    { meant: { kind: 'read', confirmed: [ada], contradicted: [alan], withoutUser: [nobody] } },
  ),
  readBackCase(
    'members read back with a key without permission',
    [{ description: 'a key without the permission users.export.ids', parameters: { key: 'track-only-key' } }],
    { status: 403 },
    { restKey: 'track-only-key', meant: { kind: 'unknown', later: false } },
  ),
];
