import { describeWithPostgres, type PostgresServer, startPostgres } from '@braze-mixpanel/storage/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { asOperator } from '../../src/testing/running-service.ts';

/** Texts that a storage, a template or an object's prototype may handle wrongly. */
const text = fc.oneof(
  fc.constantFrom(
    ...[
      '\u0000',
      '9\u0000',
      '\ud83c',
      'x\udfff',
      '\ufeff',
      '\u202e',
      '',
      ' ',
      '\t',
      "';--",
      '%00',
      '\\u0000',
    ],
    ...[
      '__proto__',
      'constructor',
      'toString',
      'x'.repeat(100_000),
      '\u0000'.repeat(3_000),
      'default',
      '12345',
    ],
  ),
  fc.string({ unit: 'binary', minLength: 2_990, maxLength: 3_010 }),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

type Send = (world: CohortWorld) => Promise<number>;

const api = (method: string, path: string, body?: unknown): Send => {
  const init = { method, headers: asOperator, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return async ({ service }) => (await fetch(`${service.service.url}${path}`, init)).status;
};
const inUrl = (value: string) => encodeURIComponent(value.toWellFormed());
const push =
  (change: object, action = 'members'): Send =>
  async world => {
    const right = {
      mixpanel_cohort_id: '1',
      mixpanel_session_id: 's',
      page_info: { total_pages: 1, page_count: 1 },
    };
    return (await world.webhook({ action, parameters: { ...right, members: [], ...change } })).status;
  };
const event =
  (change: Record<string, unknown>): Send =>
  async ({ service }) =>
    (await service.post(batchOf(emailSend(change)))).status;

/** Every address that accepts a text, with the text in each of its parameters. */
const places: Record<string, (value: string) => Send> = {
  'id of a pushed cohort': value => push({ mixpanel_cohort_id: value }),
  'name of a pushed cohort': value => push({ mixpanel_cohort_name: value }),
  'session of a pushed cohort': value => push({ mixpanel_session_id: value }),
  'project of a pushed cohort': value => push({ mixpanel_project_id: value }),
  'member of a pushed cohort': value => push({ members: [{ mixpanel_distinct_id: value, [value]: value }] }),
  'action of a pushed cohort': value => push({}, value),
  'connection of a page': value => api('POST', `/webhooks/mixpanel/${inUrl(value)}`, {}),
  'connection of events': value => api('POST', `/currents/${inUrl(value)}`, {}),
  'cohort of a sync': value => api('POST', '/api/cohorts', { cohort: value, source: 'webhook' }),
  'connection of a sync': value => api('POST', '/api/cohorts', { cohort: '2', connection: value }),
  'id of a sync': value => api('GET', `/api/cohorts/${inUrl(value)}`),
  'id of a sync to delete': value => api('DELETE', `/api/cohorts/${inUrl(`x${value}`)}`),
  'id of a sync to pause': value => api('POST', `/api/cohorts/${inUrl(`x${value}`)}/pause`),
  'place in a list of unmatched': value => api('GET', `/api/cohorts/1/unmatched?after=${inUrl(value)}`),
  'type of an event': value => event({ event_type: value }),
  'id of an event': value => event({ id: value }),
  'user of an event': value => event({ user: { external_user_id: value } }),
  'user to forget': value => api('POST', '/api/forget', { externalId: value, confirm: true }),
  'user to trace': value => api('GET', `/api/trace?external_id=${inUrl(value)}`),
  'id of a dead letter': value => api('GET', `/api/dead-letters/${inUrl(value)}`),
  'connection of a handover': value => api('POST', '/api/handover', { connection: value }),
  ...Object.fromEntries(
    ['connection', 'reason', 'event_type', 'insert_id', 'since'].flatMap(
      field =>
        [
          [`${field} of dead letters`, value => api('GET', `/api/dead-letters?${field}=${inUrl(value)}`)],
          [`${field} of counts`, value => api('GET', `/api/dead-letters/counts?${field}=${inUrl(value)}`)],
          [`${field} of a replay`, value => api('POST', '/api/dead-letters/replay', { [field]: value })],
          [
            `${field} of a purge`,
            value => api('POST', '/api/dead-letters/purge', { [field]: value, confirm: true }),
          ],
        ] as [string, (value: string) => Send][],
    ),
  ),
};

describeWithPostgres('hostile text', () => {
  let server: PostgresServer;
  let mixpanel: FakeMixpanel;
  const opened = new AsyncDisposableStack();
  const worlds: CohortWorld[] = [];
  beforeAll(async () => {
    mixpanel = opened.use(await FakeMixpanel.start());
    server = opened.use(await startPostgres());
    const place = await server.createDatabase();
    opened.defer(() => place.drop());
    const kinds: Record<string, string>[] = [{}, { STORAGE_URL: place.url }];
    for (const storage of kinds)
      worlds.push(opened.use(await CohortWorld.start({ MIXPANEL_API_URL: mixpanel.url, ...storage })));
  }, 60_000);
  afterAll(() => opened.disposeAsync());

  /** The visible state of a service, without times and row IDs. */
  const shown = async (world: CohortWorld) => {
    await world.service.settled();
    const syncs = (await world.rest()).map(({ id, name, status, mixpanelMembers, unmatched }) => ({
      ...{ id, name, status, mixpanelMembers, unmatched },
    }));
    const { accepted, imported, skipped, deadLettered } = await world.service.connection();
    return {
      syncs: syncs.sort((one, other) => (one.id < other.id ? -1 : 1)),
      accepted,
      imported,
      skipped,
      deadLettered,
    };
  };
  const stored = async ({ storage }: CohortWorld) =>
    (await storage.cohorts.documents()).map(({ key }) => key).filter(key => key.startsWith('sync:'));

  it('gets the same answer on both storages, never an internal error, and leaves the same state', async () => {
    const step = fc.record({ place: fc.constantFrom(...Object.keys(places)), value: text });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async steps => {
        for (const { place, value } of steps) {
          const statuses = [];
          // With a run in progress `forget` could leave to a later call what it does here.
          await Promise.all(worlds.map(world => world.rest()));
          for (const world of worlds) statuses.push(await places[place]!(value)(world));
          expect(statuses[0], `${place}: ${JSON.stringify(value).slice(0, 80)}`).toBeLessThan(500);
          expect(statuses[1], `${place}: ${JSON.stringify(value).slice(0, 80)}`).toBe(statuses[0]);
        }
        const [one, other] = await Promise.all(worlds.map(shown));
        expect(other).toEqual(one);
        for (const world of worlds)
          expect(await stored(world)).toEqual((await world.rest()).map(({ id }) => `sync:${id}`).sort());
      }),
      { numRuns: 25 },
    );
  }, 120_000);

  it('gets the same in every parameter, with a NUL, half a surrogate pair, a long text and the name of a prototype', async () => {
    for (const [place, send] of Object.entries(places))
      for (const value of ['9\u0000', '\ud83c', 'x'.repeat(3_000), '__proto__']) {
        const statuses = await Promise.all(worlds.map(send(value)));
        expect(statuses[0], place).toBeLessThan(500);
        expect(statuses[1], place).toBe(statuses[0]);
      }
    for (const world of worlds)
      expect(await api('POST', '/api/forget', { externalId: 'ada', confirm: true })(world)).toBe(200);
  }, 120_000);
});
