import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import type { CompareError } from './compare-error.ts';
import { Exports, namesOf } from './exports.ts';

const connection = readConfig({
  environment: {
    MIXPANEL_SERVICE_ACCOUNT: 'service-account',
    MIXPANEL_SERVICE_SECRET: 'service-secret',
    MIXPANEL_PROJECT_ID: '12345',
  },
}).connections[0]!;
const time = Date.UTC(2026, 0, 31) / 1_000;
const days = { from: '2026-01-31', to: '2026-01-31' };

/**
 * Reads these names from a project that has one event of each of `stored`, and answers as the raw export
 * does.
 */
async function reading(names: readonly string[], stored: readonly string[]) {
  const addresses: URL[] = [];
  const exports = new Exports({
    now: () => time * 1_000,
    withoutSecrets: text => text,
    fetch: async input => {
      const url = new URL(String(input));
      addresses.push(url);
      const filter = url.searchParams.get('event');
      const wanted = filter === null ? stored : (JSON.parse(filter) as string[]);
      const lines = stored
        .filter(event => wanted.includes(event))
        .map(event =>
          JSON.stringify({ event, properties: { time, distinct_id: 'ada', $insert_id: event.slice(0, 36) } }),
        );
      return new Response(lines.join('\n'));
    },
  });
  const taken: string[] = [];
  await exports.read(connection, { ...days, names }, ({ event }) => taken.push(event));
  return { addresses, taken };
}

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }),
  fc
    .tuple(fc.constantFrom('x', '"', 'ä', '\u{1F600}'), fc.integer({ min: 1_000, max: 70_000 }))
    .map(([letter, times]) => letter.repeat(times)),
);

it('For any names, every address is short, the hourly limit is not used up, and exactly the events of these names arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 1, maxLength: 30 }),
      fc.uniqueArray(name, { maxLength: 5 }),
      async (names, others) => {
        const stored = [...new Set([...names, ...others])];
        const { addresses, taken } = await reading(names, stored);
        for (const { href } of addresses) expect(href.length).toBeLessThan(6_000);
        expect(addresses.length).toBeLessThanOrEqual(10);
        expect(taken.sort()).toEqual([...names].sort());
      },
    ),
    { numRuns: 50 },
  );
});

it('Names that fit are part of the request, so that nothing else is read', async () => {
  const { addresses } = await reading(['Email Send', 'Email Open'], ['Email Send', 'Push Send']);
  expect(addresses.map(({ searchParams }) => searchParams.get('event'))).toEqual([
    '["Email Send","Email Open"]',
  ]);
});

it('An export of a project in UTC begins with its first day, so that earlier days that are not there do not matter', async () => {
  const { addresses } = await reading(['Email Send'], ['Email Send']);
  expect(addresses.map(({ searchParams }) => searchParams.get('from_date'))).toEqual([days.from]);
});

it('The empty name of events without a type is not part of the request', async () => {
  const { addresses } = await reading(['', 'Email Send'], ['Email Send']);
  expect(addresses.map(({ searchParams }) => searchParams.get('event'))).toEqual(['["Email Send"]']);
});

it('A name of 70,000 characters is left out of the request, which then has no filter', async () => {
  const long = 'x'.repeat(70_000);
  const { addresses, taken } = await reading([long, 'Email Send'], [long, 'Push Send']);
  expect(addresses.map(({ searchParams }) => searchParams.has('event'))).toEqual([false]);
  expect(taken).toEqual([long]);
});

it.each([
  ['<html>\nSign in</html>', 'compare_export_refused', 'Mixpanel returned 200: an HTML page'],
  ['terminated early', 'compare_export_refused', 'Mixpanel returned 200: terminated early'],
  ['{"event":"a","properties":{}}\n{"event":', 'compare_export_failed', 'The export ended within an event.'],
])(
  'An export of the text %j is refused by its beginning, or else as broken off',
  async (text, code, detail) => {
    const exports = new Exports({
      ...{ now: () => time * 1_000, withoutSecrets: (each: string) => each },
      fetch: async () => new Response(text),
    });
    await expect(exports.read(connection, { ...days, names: ['a'] }, () => undefined)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(detail),
    });
  },
);

const everyWhere = ['MIXPANEL_EXPORT_URL', 'MIXPANEL_REGION', 'MIXPANEL_SERVICE_ACCOUNT'];
it.each([
  [400, 'compare_request_refused', 'choose others', []],
  [401, 'compare_credentials_refused', 'Check in Mixpanel that the service account', [everyWhere[2]]],
  [402, 'compare_not_in_plan', 'Upgrade the plan', []],
  [403, 'compare_credentials_refused', 'Check in Mixpanel that the service account', [everyWhere[2]]],
  [404, 'compare_export_refused', 'Check MIXPANEL_EXPORT_URL', everyWhere.slice(0, 2)],
  [414, 'compare_request_too_long', '--event <name>', []],
  [429, 'compare_throttled', 'Try again', []],
  [431, 'compare_request_too_long', '--event <name>', []],
  [500, 'compare_export_failed', 'Try again later', []],
  [503, 'compare_export_failed', 'Try again later', []],
])(
  'An export that Mixpanel answers with %d has the answer and a next step that fits: %s',
  async (status, code, step, settings) => {
    const answer = JSON.stringify({ error: 'what Mixpanel says of it' });
    const exports = new Exports({
      ...{ now: () => time * 1_000, withoutSecrets: (each: string) => each },
      fetch: async () => new Response(answer, { status }),
    });
    const failed = await exports
      .read(connection, { ...days, names: ['a'] }, () => undefined)
      .catch((error: CompareError) => error);
    expect(failed).toMatchObject({ code, message: expect.stringContaining(step) });
    expect(failed).toMatchObject({
      message: expect.stringContaining(`Mixpanel returned ${status}: ${answer}`),
    });
    expect(everyWhere.filter(setting => String(failed).includes(setting))).toEqual(settings);
  },
);

it('The names of an export include those of CURRENTS_NAMES beside those of the catalogue, and earlier ones', () => {
  const names = { 'users.messages.email.Send': 'Mail Sent' };
  const renamed = { ...connection, currents: { ...connection.currents, names } };
  const all = namesOf(renamed, ['Pigeon Send', 'Mail Sent']);
  expect(all).toEqual(expect.arrayContaining(['Email Send', 'Mail Sent', 'Pigeon Send']));
  expect(new Set(all).size).toBe(all.length);
});
