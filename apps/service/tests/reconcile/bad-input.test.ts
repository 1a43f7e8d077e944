import { expect, it, vi } from 'vitest';
import { emailSend } from '../../src/testing/events.ts';
import { reconcileWorld, worldStart } from '../../src/testing/reconcile-world.ts';

const time = worldStart / 1_000 - 3_600;
const minute = 60_000;
const five = { events: 5 };
const because = (why: string) => ({ notKnown: expect.stringContaining(why) });
const sends = (count: number, changes = {}) =>
  Array.from({ length: count }, () => emailSend({ time, ...changes }));
const purchase = () =>
  emailSend({
    ...{ time, event_type: 'users.behaviors.Purchase' },
    properties: { product_id: 'p1', price: 1, currency: 'EUR' },
  });

/** The row of e-mails, whose other columns have five events each. */
const emails = (columns: object) => ({
  event: 'Email Send',
  columns: {
    ...{ braze: five, accepted: five, imported: five, mixpanelRaw: five, mixpanelUnique: five },
    ...columns,
  },
  unexplained: 0,
});

it('a key that lacks one permission leaves one column of one event type unknown', async () => {
  await using service = await reconcileWorld({ environment: { BRAZE_ANALYTICS_KEY: 'few' } });
  await service.braze.request('POST rest-keys', {
    body: {
      key: 'few',
      permissions: [
        ...(['campaigns.list', 'campaigns.data_series', 'canvas.list', 'canvas.data_series'] as const),
        'events.list',
      ],
    },
  });
  await service.emit(...sends(5), purchase());
  const { rows, notKnown, findings } = await service.report();
  expect(rows).toMatchObject([
    emails({}),
    {
      event: 'Purchase',
      columns: {
        braze: because('it needs the permission purchases.quantity_series'),
        accepted: { events: 1 },
      },
      unexplained: 0,
    },
  ]);
  expect({ notKnown: notKnown.length, findings }).toEqual({ notKnown: 1, findings: [] });
});

it('a Braze that answers 429 for an hour leaves its column unknown, and the report of the next hour is whole', async () => {
  await using service = await reconcileWorld();
  await service.emit(...sends(5));
  await service.braze.request('POST faults', { body: { route: '*', kind: 'status', status: 429 } });
  const during = await service.report();
  expect(during.rows).toMatchObject([
    emails({ braze: because("Braze's limit of requests for /campaigns/list") }),
  ]);
  expect(during.findings).toEqual([]);
  await service.braze.request('DELETE faults');
  await service.clock.advance(60 * minute);
  expect((await service.report()).rows).toMatchObject([emails({})]);
});

it('a Mixpanel that answers 429 for an hour leaves its columns unknown, and the report of the next hour is whole', async () => {
  await using service = await reconcileWorld();
  await service.emit(...sends(5));
  await service.mixpanel.request('POST faults', { body: { route: 'export', kind: 'status', status: 429 } });
  const why = because('429');
  expect((await service.report()).rows).toMatchObject([emails({ mixpanelRaw: why, mixpanelUnique: why })]);
  await service.mixpanel.request('DELETE faults');
  await service.clock.advance(60 * minute);
  expect((await service.report()).rows).toMatchObject([emails({})]);
});

/** A world whose raw exports do not answer before they are released, and whose time-outs a test ends. */
async function slowWorld() {
  const released = Promise.withResolvers<void>();
  const timeouts = new Map<number, AbortController>();
  const slowly: typeof fetch = async (input, init) => {
    if (!String(input).includes('/api/2.0/export')) return fetch(input, init);
    const signal = init?.signal;
    const aborted = new Promise<never>((_, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    await Promise.race([released.promise, aborted]);
    return fetch(input, init);
  };
  const timeout = (milliseconds: number) => {
    const controller = timeouts.get(milliseconds) ?? new AbortController();
    timeouts.set(milliseconds, controller);
    return controller.signal;
  };
  const service = await reconcileWorld({ dependencies: { fetch: slowly, timeout } });
  await service.emit(...sends(5));
  return { service, release: () => released.resolve(), timeouts };
}

it('a raw export of 40 minutes is waited for, and the report says meanwhile what it reads', async () => {
  const { service, release } = await slowWorld();
  await using _ = service;
  const id = await service.begin('2026-02-26', '2026-03-01');
  const reading = "Reads Mixpanel's raw export of 2026-02-26 to 2026-03-01.";
  await vi.waitFor(async () => expect((await service.get(id)).progress).toBe(reading), { timeout: 5_000 });
  await service.clock.advance(40 * minute);
  expect(await service.get(id)).toMatchObject({ state: 'running', progress: reading, problem: null });
  release();
  const { report, progress } = await service.ended(id);
  expect(report!.rows).toMatchObject([emails({})]);
  expect(progress).toBeNull();
});

it('a raw export that does not end within two hours is given up with a sentence, and the other columns are right', async () => {
  const { service, timeouts } = await slowWorld();
  await using _ = service;
  const id = await service.begin('2026-02-20', '2026-03-01');
  await vi.waitFor(async () => expect((await service.get(id)).progress).toContain('2026-02-20'), {
    timeout: 5_000,
  });
  timeouts.get(120 * minute)!.abort();
  const { report } = await service.ended(id);
  const why = because('Mixpanel did not export all days within 2 hours');
  expect(report!.rows).toMatchObject([emails({ mixpanelRaw: why, mixpanelUnique: why, mixpanelShown: why })]);
  expect(report!.findings).toEqual([]);
});

/** A fetch that deletes a campaign at Braze after the campaigns were listed. */
const deleting = (service: () => Awaited<ReturnType<typeof reconcileWorld>>): typeof fetch => {
  let isDeleted = false;
  return async (input, init) => {
    if (String(input).includes('/campaigns/data_series') && !isDeleted) {
      isDeleted = true;
      await service().braze.request('DELETE campaigns/:id', { params: { id: 'c2' } });
    }
    return fetch(input, init);
  };
};

it('a campaign that is deleted between the list and its series is a cause, and the numbers of the others are right', async () => {
  let service: Awaited<ReturnType<typeof reconcileWorld>>;
  await using made = await reconcileWorld({ dependencies: { fetch: deleting(() => service) } });
  service = made;
  await made.emit(...sends(3), ...sends(2, { properties: { campaign_id: 'c2' } }));
  const { rows } = await made.report();
  expect(rows).toMatchObject([emails({ braze: { events: 3 } })]);
  expect(rows[0]?.steps[0]?.causes).toEqual([{ cause: 'not_in_lists', events: 2 }]);
});

it('a campaign that is deleted meanwhile leaves the column of Braze unknown where the raw export cannot be read', async () => {
  let service: Awaited<ReturnType<typeof reconcileWorld>>;
  await using made = await reconcileWorld({ dependencies: { fetch: deleting(() => service) } });
  service = made;
  await made.emit(...sends(3), ...sends(2, { properties: { campaign_id: 'c2', campaign_name: 'Old sale' } }));
  await made.mixpanel.request('POST faults', { body: { route: 'export', kind: 'status', status: 500 } });
  const { rows, findings } = await made.report();
  const why = because('The raw export could not be read');
  const braze = because('deleted while the report was made');
  expect(rows).toMatchObject([emails({ braze, mixpanelRaw: why, mixpanelUnique: why })]);
  expect(findings).toEqual([]);
});

it('two connections that deliver to one project explain the events of the other one', async () => {
  const configFile = (url: string) => `
connections:
  brand:
    currents_token: token-of-the-other-brand
    mixpanel_service_account: service-account
    mixpanel_service_secret: service-secret
    mixpanel_project_id: 12345
    mixpanel_api_url: ${url}
`;
  await using service = await reconcileWorld({ configFile });
  await service.emit(...sends(5));
  const headers = { authorization: 'Bearer token-of-the-other-brand' };
  await service.running.post({ events: sends(3) }, { path: '/currents/brand', headers });
  await service.running.settled('brand');
  const { rows } = await service.report();
  expect(rows).toMatchObject([emails({ mixpanelRaw: { events: 8 }, mixpanelUnique: { events: 8 } })]);
  expect(rows[0]?.steps[2]?.causes).toEqual([{ cause: 'other_connection', events: 3 }]);
});

it('events that all wait are events that the Current sends, though none was delivered yet', async () => {
  await using service = await reconcileWorld({ environment: { DELIVERY_MODE: 'hold' } });
  await service.braze.request('POST emit', { body: { events: sends(2) } });
  await service.running.post({ events: sends(5) });
  await service.braze.request('POST emit', { body: { events: sends(8) } });
  await service.clock.advance(5 * 24 * 60 * minute);
  const { rows } = await service.report();
  expect(rows).toMatchObject([
    { columns: { braze: { events: 10 }, accepted: five, held: five }, unexplained: 5 },
  ]);
  expect(rows[0]?.steps[0]).toMatchObject({ difference: -5, causes: [], unexplained: -5 });
});
