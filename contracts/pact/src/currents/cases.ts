/**
 * Cases of Braze Currents with a receiver. Braze reads only the status of an answer, so the contract requires
 * nothing else: a receiver with other texts, or another 2XX, keeps it as well.
 */
import assert from 'node:assert/strict';
import {
  type CatalogueEntry,
  type CatalogueVersion,
  type CurrentsEvent,
  customHttpEntries,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import { HTTPResponseStatusClass, MatchersV3 } from '@pact-foundation/pact';
import { consumerIn, type HttpCase, type HttpContract } from '../contract.ts';
import { currentTo } from './braze.ts';
import { eventShape } from './event-shape.ts';

/** Maximum body size of the receiver in bytes, in the state of that name. */
export const bodyLimit = 16 * 1024;

const { matchStatus, regex } = MatchersV3;

interface Expected {
  readonly entry: CatalogueEntry;
  readonly events: readonly unknown[];
  /** The contract's condition for these events; by default that they are exactly these. */
  readonly shapes?: readonly unknown[];
  readonly token?: string;
  readonly states?: HttpCase['interaction']['states'];
  readonly answer?: HttpCase['interaction']['willRespondWith'];
  /** Braze's reaction to the answer; by default it counts all events as sent. */
  readonly becomes?: Awaited<ReturnType<ReturnType<typeof currentTo>['send']>>;
}

const any2xx = { status: matchStatus(200, HTTPResponseStatusClass.Success) };

function currentsCase(description: string, expected: Expected): HttpCase {
  const { entry, events, shapes = events, token = sandboxKeys.currentsToken, states = [] } = expected;
  const { answer = any2xx, becomes = { statuses: [200], sent: events.length, dropped: {}, held: 0 } } =
    expected;
  return {
    interaction: interactionOf(description, shapes, token, states, answer),
    async play(url) {
      assert.deepEqual(await currentTo(url, token).send(entry.eventType, events), becomes);
    },
  };
}

function interactionOf(
  description: string,
  events: readonly unknown[],
  token: string,
  states: HttpCase['interaction']['states'] = [],
  answer: HttpCase['interaction']['willRespondWith'] = any2xx,
): HttpCase['interaction'] {
  const parameters = { token: sandboxKeys.currentsToken };
  return {
    states: [{ description: 'the receiver knows the token', parameters }, ...states],
    uponReceiving: description,
    withRequest: {
      method: 'POST',
      path: '/currents',
      headers: {
        'Content-Type': regex('^application/json', 'application/json'),
        'Braze-Currents-Version': '1',
        Authorization: `Bearer ${token}`,
      },
      body: { events },
    },
    willRespondWith: answer,
  };
}

const probe: HttpCase = {
  interaction: interactionOf('a credential probe', [], sandboxKeys.currentsToken),
  async play(url) {
    assert.equal((await currentTo(url).probe()).status, 200);
  },
};

/** The contract in a catalogue version, with every event type that Custom HTTP carries. */
export function currentsContract(catalogueVersion: CatalogueVersion): HttpContract {
  const random = seededRandom(2022);
  const sampleOf = (entry: CatalogueEntry) =>
    sampleEvent(entry, { random, time: 1_700_000_000, externalUserId: 'customer-1', unlisted: true });
  const entries = customHttpEntries(catalogueVersion);
  const eventTypes = entries.map(entry => {
    const event = sampleOf(entry);
    return currentsCase(`an event of type ${entry.eventType}`, {
      entry,
      events: [event],
      shapes: [eventShape(entry, event)],
    });
  });
  const entry = entries.find(({ noMixpanelEvent }) => !noMixpanelEvent);
  assert(entry);
  return {
    kind: 'http',
    consumer: consumerIn(catalogueVersion, 'braze-currents'),
    provider: 'service',
    cases: [...eventTypes, probe, ...batchCases(entry, [sampleOf(entry), sampleOf(entry), sampleOf(entry)])],
  };
}

type Three = readonly [CurrentsEvent, CurrentsEvent, CurrentsEvent];

function batchCases(entry: CatalogueEntry, [first, second, third]: Three): HttpCase[] {
  const bad = { event_type: entry.eventType, id: 7, time: 'yesterday', user: first.user, properties: {} };
  const large = { ...first, properties: { ...first.properties, large: 'x'.repeat(bodyLimit) } };
  return [
    currentsCase('a batch of three events', {
      entry,
      events: [first, second, third],
      shapes: [first, second, third].map(event => eventShape(entry, event)),
    }),
    // After a 400 Braze would send the batch again event by event, and then drop the bad one for good.
    currentsCase('a batch with one bad event between two good ones', {
      entry,
      events: [first, bad, second],
      shapes: [eventShape(entry, first), bad, eventShape(entry, second)],
    }),
    currentsCase('an event with a wrong token', {
      entry,
      events: [first],
      shapes: [eventShape(entry, first)],
      token: 'wrong-token',
      answer: { status: matchStatus(401, [401, 403]) },
      becomes: { statuses: [401], sent: 0, dropped: {}, held: 1 },
    }),
    currentsCase('a body over the size limit', {
      entry,
      events: [large],
      states: [{ description: 'the receiver takes bodies up to a size', parameters: { bytes: bodyLimit } }],
      answer: { status: 413 },
      becomes: { statuses: [413], sent: 0, dropped: { 'alone, and still answered 413': 1 }, held: 0 },
    }),
  ];
}
