/** Cases of the service with Mixpanel's `/import`. */
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import {
  type CatalogueVersion,
  catalogue2022_06,
  catalogueVersions,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';
import { checkImportEvent, type ImportEvent } from '@braze-mixpanel/core/mixpanel';
import { EventJson, importClient, type Verdict, verdictOf } from '@braze-mixpanel/service/contracts';
import { MatchersV3 } from '@pact-foundation/pact';
import type { HttpCase } from '../contract.ts';
import { connectionTo, neverStops, vendor } from '../service-connection.ts';

const { regex, string } = MatchersV3;
const time = 1_700_000_000;

/** One event of every type, as the service maps it. */
function eventsOf(catalogueVersion: CatalogueVersion): ImportEvent[] {
  const random = seededRandom(2022);
  return catalogueVersion.entries.flatMap(entry => {
    if (entry.noMixpanelEvent) return [];
    const event = sampleEvent(entry, { random, time, externalUserId: 'customer-1' });
    const mapped = mapEvent(event, { catalogueVersion }, time * 1000);
    assert(mapped.outcome === 'mapped');
    return [mapped.event];
  });
}

const [first, second, third] = eventsOf(catalogue2022_06);
assert(first && second && third);
const three = [first, second, third];

/**
 * Passes the uncompressed JSON to Pact, which does not read gzip. This asserts that the client sends gzip;
 * tests of the servers cover that Mixpanel decompresses it.
 */
const unpacked: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  assert.equal(headers.get('content-encoding'), 'gzip');
  headers.delete('content-encoding');
  assert(init?.body instanceof Uint8Array);
  return fetch(input, { ...init, headers, body: gunzipSync(init.body) });
};

/** A verdict without the vendor's text. */
type Meaning = readonly [Verdict['kind'], ...(string | number)[]];

function meaningOf(verdict: Verdict): Meaning {
  if (verdict.kind === 'partly_refused') return [verdict.kind, ...verdict.refused.keys()];
  if (verdict.kind === 'unexplained') return [verdict.kind, verdict.failure.code];
  return 'code' in verdict ? [verdict.kind, verdict.code] : [verdict.kind];
}

interface Expected {
  readonly description: string;
  readonly states?: HttpCase['interaction']['states'];
  readonly sent: readonly ImportEvent[];
  readonly answer: HttpCase['interaction']['willRespondWith'];
  /** The service's interpretation of the answer. */
  readonly meant: Meaning;
  readonly secret?: string;
}

function importCase({ description, states = [], sent, answer, meant, secret }: Expected): HttpCase {
  const credentials = Buffer.from(`service-account:${secret ?? 'service-secret'}`).toString('base64');
  return {
    interaction: {
      states: [{ description: 'a project with a service account' }, ...states],
      uponReceiving: description,
      withRequest: {
        method: 'POST',
        path: '/import',
        query: { strict: '1', ip: '0', project_id: '12345' },
        headers: {
          Authorization: `Basic ${credentials}`,
          'Content-Type': regex('^application/json', 'application/json'),
        },
        body: sent,
      },
      willRespondWith: answer,
    },
    async play(url) {
      const { mixpanel } = connectionTo(url, secret === undefined ? {} : { MIXPANEL_SERVICE_SECRET: secret });
      const send = importClient({ ...vendor, mixpanel, fetch: unpacked });
      const exchange = await send(
        sent.map(event => {
          const row = Buffer.from(JSON.stringify(event));
          return new EventJson(row, 0, row.length);
        }),
        neverStops,
      );
      const ids = sent.map(({ properties }) => properties.$insert_id);
      assert.deepEqual(meaningOf(verdictOf(exchange, ids)), meant);
    },
  };
}

const refusedId = 'an id with spaces';
const refusedEvent = { ...second, properties: { ...second.properties, $insert_id: refusedId } };
const [objection] = checkImportEvent(refusedEvent);
assert(objection);

const failing = [500, 502, 503].map(status =>
  importCase({
    description: `an import answered with ${status}`,
    states: [{ description: 'Mixpanel fails', parameters: { status } }],
    sent: three,
    answer: { status },
    meant: ['retry', 'mixpanel_failing'],
  }),
);

const ofEveryType = [...catalogueVersions.values()].map(catalogueVersion => {
  const sent = eventsOf(catalogueVersion);
  return importCase({
    description: `an import of one event of every type of ${catalogueVersion.id}`,
    sent,
    answer: { status: 200, body: { code: 200, num_records_imported: sent.length, status: 'OK' } },
    meant: ['imported'],
  });
});

export const importCases: readonly HttpCase[] = [
  ...ofEveryType,
  importCase({
    description: 'an import with one event that Mixpanel rejects: the others are imported',
    sent: [first, refusedEvent, third],
    answer: {
      status: 400,
      body: {
        code: 400,
        error: string('some data points in the request failed validation'),
        failed_records: [
          { index: 1, insert_id: refusedId, field: objection.field, message: string(objection.message) },
        ],
        num_records_imported: 2,
        status: 'Bad Request',
      },
    },
    meant: ['partly_refused', 1],
  }),
  importCase({
    description: 'an import with wrong credentials',
    sent: three,
    secret: 'wrong-secret',
    answer: { status: 401, body: { code: 401, error: 'Invalid credentials', status: 'Unauthorized' } },
    meant: ['park', 'mixpanel_credentials_refused'],
  }),
  importCase({
    description: 'an import over the size limit',
    states: [{ description: 'requests of a limited size', parameters: { bytes: 1_000 } }],
    sent: three,
    answer: {
      status: 413,
      body: {
        code: 413,
        error: regex(
          String.raw`^request exceeds max limit of \d+ bytes$`,
          'request exceeds max limit of 1000 bytes',
        ),
        status: 'Request Entity Too Large',
      },
    },
    meant: ['unexplained', 'mixpanel_refuses_all'],
  }),
  importCase({
    description: 'an import over the rate limit',
    states: [{ description: 'the project is over its rate limit', parameters: { route: 'import' } }],
    sent: three,
    answer: {
      status: 429,
      body: {
        code: 429,
        error: string('Project exceeded rate limits. Please retry the request with exponential backoff.'),
        status: 'Too Many Requests',
      },
    },
    meant: ['retry', 'mixpanel_throttled'],
  }),
  ...failing,
];
