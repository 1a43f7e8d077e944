/**
 * Braze Currents → a receiver. Of an answer Braze reads the status alone, so nothing else is asked of it: a receiver with other
 * words, or another 2XX, keeps this contract as well.
 */
import assert from 'node:assert/strict';
import {
  type CatalogueEntry,
  generation2022_06,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { HTTPResponseStatusClass, MatchersV3 } from '@pact-foundation/pact';
import type { HttpCase, HttpContract } from '../contract.ts';
import { currentTo } from './braze.ts';
import { eventShape } from './event-shape.ts';

/** Bytes that the receiver takes in one body, in the state of that name. */
export const bodyLimit = 16 * 1024;

const { matchStatus, regex } = MatchersV3;
const random = seededRandom(2022);
const sampleOf = (entry: CatalogueEntry) =>
  sampleEvent(entry, { random, time: 1_700_000_000, externalUserId: 'customer-1' });

const knowsToken = {
  description: 'the receiver knows the token',
  parameters: { token: sandboxKeys.currentsToken },
};
const taken = { status: matchStatus(200, HTTPResponseStatusClass.Success) };

function requestOf(events: readonly unknown[], token: string = sandboxKeys.currentsToken) {
  return {
    method: 'POST',
    path: '/currents',
    headers: {
      'Content-Type': regex('^application/json', 'application/json'),
      'Braze-Currents-Version': '1',
      Authorization: `Bearer ${token}`,
    },
    body: { events },
  };
}

/** One for each event type of the catalogue. */
const eventTypes = generation2022_06.entries.map((entry): HttpCase => {
  const event = sampleOf(entry);
  return {
    interaction: {
      states: [knowsToken],
      uponReceiving: `an event of type ${entry.eventType}`,
      withRequest: requestOf([eventShape(entry, event)]),
      willRespondWith: taken,
    },
    async play(url) {
      const { statuses, sent } = await currentTo(url).send(entry.eventType, [event]);
      assert.deepEqual({ statuses, sent }, { statuses: [200], sent: 1 });
    },
  };
});

const [entry] = generation2022_06.entries;
assert(entry);
const first = sampleOf(entry);
const second = sampleOf(entry);
const third = sampleOf(entry);

const batch: HttpCase = {
  interaction: {
    states: [knowsToken],
    uponReceiving: 'a batch of three events',
    withRequest: requestOf([first, second, third].map(event => eventShape(entry, event))),
    willRespondWith: taken,
  },
  async play(url) {
    const { statuses, sent } = await currentTo(url).send(entry.eventType, [first, second, third]);
    assert.deepEqual({ statuses, sent }, { statuses: [200], sent: 3 });
  },
};

/** A 400 would make Braze send the batch again event by event, and then drop the bad one for good. */
const oneBadEvent: HttpCase = (() => {
  const bad = { event_type: entry.eventType, id: 7, time: 'yesterday', user: first.user, properties: {} };
  return {
    interaction: {
      states: [knowsToken],
      uponReceiving: 'a batch with one bad event between two good ones',
      withRequest: requestOf([eventShape(entry, first), bad, eventShape(entry, second)]),
      willRespondWith: taken,
    },
    async play(url) {
      const { statuses, sent } = await currentTo(url).send(entry.eventType, [first, bad, second]);
      assert.deepEqual({ statuses, sent }, { statuses: [200], sent: 3 });
    },
  };
})();

const probe: HttpCase = {
  interaction: {
    states: [knowsToken],
    uponReceiving: 'a credential probe',
    withRequest: requestOf([]),
    willRespondWith: taken,
  },
  async play(url) {
    assert.equal((await currentTo(url).probe()).status, 200);
  },
};

const wrongToken: HttpCase = {
  interaction: {
    states: [knowsToken],
    uponReceiving: 'an event with a wrong token',
    withRequest: requestOf([eventShape(entry, first)], 'wrong-token'),
    willRespondWith: { status: matchStatus(401, [401, 403]) },
  },
  async play(url) {
    const { statuses, sent, dropped, held } = await currentTo(url, 'wrong-token').send(entry.eventType, [
      first,
    ]);
    assert.deepEqual({ statuses, sent, dropped, held }, { statuses: [401], sent: 0, dropped: {}, held: 1 });
  },
};

const oversize: HttpCase = (() => {
  const large = { ...first, properties: { ...first.properties, large: 'x'.repeat(bodyLimit) } };
  return {
    interaction: {
      states: [
        knowsToken,
        { description: 'the receiver takes bodies up to a size', parameters: { bytes: bodyLimit } },
      ],
      uponReceiving: 'a body over that size',
      withRequest: requestOf([large]),
      willRespondWith: { status: 413 },
    },
    async play(url) {
      const { statuses, dropped } = await currentTo(url).send(entry.eventType, [large]);
      assert.deepEqual(statuses, [413]);
      assert.deepEqual(dropped, { 'alone, and still answered 413': 1 });
    },
  };
})();

export const currentsContract: HttpContract = {
  kind: 'http',
  consumer: 'braze-currents',
  provider: 'service',
  cases: [...eventTypes, batch, oneBadEvent, probe, wrongToken, oversize],
};
