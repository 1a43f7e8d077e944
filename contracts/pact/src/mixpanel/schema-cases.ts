/** Cases of the service with Mixpanel's Lexicon Schemas API. */
import assert from 'node:assert/strict';
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { lexiconEntries, lexiconPlan } from '@braze-mixpanel/core/lexicon';
import { LexiconError, schemasClient } from '@braze-mixpanel/service/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import type { HttpCase } from '../contract.ts';
import { connectionTo, vendor } from '../service-connection.ts';

const { eachLike, string } = MatchersV3;

const selection = new Set(['users.messages.email.Open']);
const { write } = lexiconPlan(lexiconEntries({ catalogueVersion: catalogue2022_06, selection }), []);

/** A client without waits, which are not part of an exchange. */
const clientOf = (url: string, changes?: Record<string, string>) =>
  schemasClient({
    mixpanel: connectionTo(url, changes).mixpanel,
    vendor,
    policy: { retryBaseMs: 0, retryMaxMs: 0 },
    random: () => 0,
    monotonic: () => 0,
    wait: async () => {},
  });

function requestTo(method: string, path: string, body?: object, secret = 'service-secret') {
  return {
    method,
    path: `/api/app/projects/12345/schemas${path}`,
    headers: {
      Authorization: `Basic ${Buffer.from(`service-account:${secret}`).toString('base64')}`,
      'Content-Type': 'application/json',
    },
    ...(body && { body }),
  };
}

export const schemaCases: readonly HttpCase[] = [
  {
    interaction: {
      states: [{ description: 'an entry in the data dictionary', parameters: { name: 'Signed Up' } }],
      uponReceiving: 'a request for the entries of events',
      withRequest: requestTo('GET', '/event'),
      willRespondWith: {
        status: 200,
        body: {
          results: eachLike({
            entityType: 'event',
            name: string('Signed Up'),
            schemaJson: { description: string('The user signed up.') },
          }),
          status: 'ok',
        },
      },
    },
    async play(url) {
      const schemaJson = { description: 'The user signed up.' };
      assert.deepEqual(await clientOf(url).list(), [{ entityType: 'event', name: 'Signed Up', schemaJson }]);
    },
  },
  {
    interaction: {
      states: [{ description: 'a project with a service account' }],
      uponReceiving: 'an upload of entries',
      withRequest: requestTo('POST', '', { entries: write }),
      willRespondWith: { status: 200, body: { status: 'ok' } },
    },
    play: url => clientOf(url).upload(write),
  },
  {
    interaction: {
      states: [{ description: 'a project with a service account' }],
      uponReceiving: 'a request for entries with wrong credentials',
      withRequest: requestTo('GET', '/event', undefined, 'wrong-secret'),
      willRespondWith: { status: 401 },
    },
    play: url =>
      assert.rejects(
        clientOf(url, { MIXPANEL_SERVICE_SECRET: 'wrong-secret' }).list(),
        error => error instanceof LexiconError && error.code === 'lexicon_credentials_refused',
      ),
  },
];
