import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, emailSend, emails } from '../../src/testing/events.ts';
import { accepts, answers, type Behaviour, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
beforeEach(async () => {
  mixpanel = await FakeMixpanel.start();
  service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url, DELIVERY_TIMEOUT: '300ms' });
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});

const cutBefore: Behaviour = request => request.cut();
const lostAnswer: Behaviour = request => {
  request.store();
  request.cut();
};
const truncatedAnswer: Behaviour = request => {
  request.store();
  request.truncate();
};
const silence: Behaviour = () => undefined;

describe('while Mixpanel', () => {
  it.each<[string, Behaviour, 'retrying' | 'parked', string]>([
    ['drops connections', cutBefore, 'retrying', 'mixpanel_unreachable'],
    ['is too slow', silence, 'retrying', 'mixpanel_unreachable'],
    [
      'answers 429',
      answers(429, { error: 'Project exceeded rate limits.' }),
      'retrying',
      'mixpanel_throttled',
    ],
    ['answers 500', answers(500), 'retrying', 'mixpanel_failing'],
    ['answers 503 in HTML', answers(503, '<html>'), 'retrying', 'mixpanel_failing'],
    [
      'answers 200 with something malformed',
      answers(200, '{"code":200,"num_'),
      'retrying',
      'mixpanel_answer_malformed',
    ],
    ['loses its answers', lostAnswer, 'retrying', 'mixpanel_unreachable'],
    ['breaks its answers off', truncatedAnswer, 'retrying', 'mixpanel_unreachable'],
    ['answers 401', answers(401, { error: 'Invalid credentials' }), 'parked', 'mixpanel_credentials_refused'],
    ['answers 403', answers(403), 'parked', 'mixpanel_credentials_refused'],
    [
      'refuses whole requests without naming an event',
      answers(400, { code: 400, error: 'project_id is required', status: 'Bad Request' }),
      'parked',
      'mixpanel_refuses_all',
    ],
    [
      'is behind a gateway that answers 413 to everything',
      answers(413, '<html><head><title>413 Request Entity Too Large</title></head></html>'),
      'parked',
      'mixpanel_refuses_all',
    ],
    [
      'is behind a gateway that answers 400 in XML',
      answers(400, '<?xml version="1.0"?><Error/>'),
      'parked',
      'mixpanel_refuses_all',
    ],
    [
      'answers 402',
      answers(402, { error: 'Your plan does not allow this.' }),
      'parked',
      'mixpanel_payment_required',
    ],
    [
      'counts fewer events than were sent',
      answers(200, { code: 200, num_records_imported: 0, status: 'OK' }),
      'retrying',
      'mixpanel_answer_malformed',
    ],
    ['answers 404', answers(404), 'parked', 'mixpanel_address_refused'],
    [
      'redirects',
      answers(302, '', { location: 'http://127.0.0.1:1/' }),
      'parked',
      'mixpanel_address_refused',
    ],
  ])(
    '%s, events are kept, /status reports it, /readyz stays ready; then each arrives',
    async (_what, trouble, state, code) => {
      mixpanel.behaviour = trouble;
      const events = emails(3);
      expect((await service.post(batchOf(...events))).status).toBe(200);

      const status = await service.until(({ delivery }) => (delivery?.failuresInARow ?? 0) >= 2);
      expect(status.delivery).toMatchObject({ lastError: { resolvedAt: null } });
      expect(status.delivery).not.toHaveProperty('lastSuccessAt');
      expect(status).toMatchObject({ imported: 0, deadLettered: {}, pending: { batches: 1, events: 3 } });
      expect(status.delivery).toMatchObject({ state, lastError: { code } });
      expect(status.delivery!.lastError!.message).toMatch(/\. .+\.$/);
      expect(JSON.stringify(status)).not.toMatch(/<[a-z!?]/i);
      expect((await service.get('/readyz')).status).toBe(200);
      expect((await service.post(batchOf(emailSend()))).status).toBe(200);

      mixpanel.behaviour = accepts;
      expect(await service.settled()).toMatchObject({ imported: 4, deadLettered: {} });
      await service.until(({ delivery }) => delivery?.lastError?.resolvedAt != null);
      for (const { id } of events) expect(mixpanel.unique.has(id)).toBe(true);
      expect(mixpanel.unique.size).toBe(4);
    },
  );

  it('fails on one batch every time, the others are delivered', async () => {
    const cursed = emailSend();
    mixpanel.behaviour = request => {
      const isCursed = request.events.some(({ properties }) => properties.$insert_id === cursed.id);
      return isCursed ? request.answer(500, {}) : accepts(request);
    };
    await service.post(batchOf(cursed));
    await service.until(({ delivery }) => delivery?.state === 'retrying');
    for (let batch = 0; batch < 20; batch += 1) await service.post(batchOf(...emails(10)));
    const status = await service.until(({ imported }) => imported === 200);
    expect(status.pending).toMatchObject({ batches: 1, events: 1 });
  });

  it('repeats a secret in its answer, the secret is not shown', async () => {
    mixpanel.behaviour = answers(401, { error: 'No project for token test-project-token' });
    await service.post(batchOf(emailSend()));
    const { delivery } = await service.until(({ delivery }) => delivery?.state === 'parked');
    expect(delivery!.lastError!.message).toContain('[secret]');
    expect(JSON.stringify(await service.status())).not.toContain('test-project-token');
  });

  it('repeats a secret where its answer is shortened, not even a part of it is shown', async () => {
    const basic = btoa('test-project-token:');
    mixpanel.behaviour = answers(401, `${'x'.repeat(290)} ${basic}`);
    await service.post(batchOf(emailSend()));
    const { delivery } = await service.until(({ delivery }) => delivery?.state === 'parked');
    expect(delivery!.lastError!.message).not.toContain(basic.slice(0, 6));
  });

  it('asks to wait by Retry-After, nothing is sent before', async () => {
    mixpanel.plays(answers(429, {}, { 'retry-after': '3600' }));
    await service.post(batchOf(emailSend()));
    const { delivery } = await service.until(({ delivery }) => delivery?.state === 'retrying');
    expect(delivery!.nextAttemptInMs).toBeGreaterThan(3_500_000);
    await service.post(batchOf(emailSend()));
    expect(mixpanel.requests).toHaveLength(1);
  });

  it('asks to wait, a restart keeps the wait for old and new batches, and /status has the reason', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waiting-'));
    const start = () =>
      RunningService.start({
        MIXPANEL_API_URL: mixpanel.url,
        STORAGE_URL: `sqlite:${join(folder, 'service.db')}`,
      });
    try {
      mixpanel.plays(answers(429, { error: 'slow down' }, { 'retry-after': '90' }));
      {
        await using before = await start();
        await before.post(batchOf(emailSend()));
        await before.until(({ delivery }) => delivery?.state === 'retrying');
      }
      await using after = await start();
      await after.post(batchOf(emailSend()));
      const { delivery, pending } = await after.until(({ delivery }) => delivery?.state === 'retrying');
      expect(delivery!.nextAttemptInMs).toBeGreaterThan(60_000);
      expect(delivery!.nextAttemptInMs).toBeLessThanOrEqual(90_000);
      expect(delivery!.lastError).toMatchObject({
        code: 'mixpanel_throttled',
        message: expect.stringContaining('slow down'),
        resolvedAt: null,
      });
      expect(pending.batches).toBe(2);
      expect(mixpanel.requests).toHaveLength(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('when Mixpanel refuses some events of a request', () => {
  const refusing =
    (records: (index: number, id: string) => unknown, isBad: (id: string) => boolean): Behaviour =>
    request => {
      const ids = request.events.map(({ properties }) => properties.$insert_id);
      if (!ids.some(isBad)) return accepts(request);
      request.store(request.events.filter(({ properties }) => !isBad(properties.$insert_id)));
      const failed_records = ids.flatMap((id, index) => (isBad(id) ? [records(index, id)] : []));
      const num_records_imported = ids.length - failed_records.length;
      request.answer(400, {
        code: 400,
        error: 'some data points failed',
        failed_records,
        num_records_imported,
      });
    };

  it('those it names by index become dead letters with field, message and both texts, and nothing is sent again', async () => {
    const events = emails(5);
    const bad = events[3]!;
    mixpanel.behaviour = refusing(
      (index, insert_id) => ({ index, insert_id, field: 'properties.time', message: 'too old' }),
      id => id === bad.id,
    );
    await service.post(batchOf(...events));
    expect(await service.settled()).toMatchObject({ imported: 4, deadLettered: { refused_by_mixpanel: 1 } });
    expect(mixpanel.requests).toHaveLength(1);
    const { deadLetters } = await service.deadLetters();
    expect(deadLetters).toEqual([
      expect.objectContaining({
        reason: 'refused_by_mixpanel',
        detail: 'properties.time: too old',
        eventType: 'users.messages.email.Send',
        insertId: bad.id,
        original: bad,
        mapped: expect.objectContaining({ event: 'Email Send' }),
      }),
    ]);
  });

  it('without naming them, halves are sent until each bad event is in a request of its own', async () => {
    const events = emails(40);
    const bad = new Set([events[0]!.id, events[17]!.id, events[39]!.id]);
    mixpanel.behaviour = request => {
      if (!request.events.some(({ properties }) => bad.has(properties.$insert_id))) return accepts(request);
      request.answer(400, {
        code: 400,
        failed_records: ['$identify is not supported'],
        num_records_imported: 0,
      });
    };
    await service.post(batchOf(...events));
    expect(await service.settled()).toMatchObject({ imported: 37, deadLettered: { refused_by_mixpanel: 3 } });
    const { deadLetters } = await service.deadLetters();
    expect(new Set(deadLetters.map(({ insertId }) => insertId))).toEqual(bad);
    expect(mixpanel.unique.size).toBe(37);
  });

  it('a request that is too large for it is halved', async () => {
    mixpanel.behaviour = request => (request.events.length > 3 ? request.answer(413, {}) : accepts(request));
    await service.post(batchOf(...emails(20)));
    expect(await service.settled()).toMatchObject({ imported: 20, deadLettered: {} });
  });

  it('and then fails, events that were refused so far are not counted twice', async () => {
    const events = emails(4);
    let failOnce = true;
    mixpanel.behaviour = request => {
      if (request.events.length > 1) return request.answer(400, 'nonsense');
      if (request.events[0]!.properties.$insert_id === events[0]!.id) return request.answer(400, 'nonsense');
      if (failOnce) {
        failOnce = false;
        return request.answer(500, {});
      }
      accepts(request);
    };
    await service.post(batchOf(...events));
    expect(await service.settled()).toMatchObject({
      accepted: 4,
      imported: 3,
      deadLettered: { refused_by_mixpanel: 1 },
    });
  });
});

describe('requests to Mixpanel', () => {
  it('are strict, not geolocated, and authenticated with the project token', async () => {
    await service.post(batchOf(emailSend()));
    await service.settled();
    const [request] = mixpanel.requests;
    expect(request!.url.pathname + request!.url.search).toBe('/import?strict=1&ip=0');
    expect(request!.authorization).toBe(`Basic ${btoa('test-project-token:')}`);
  });

  it('hold up to 2,000 events; a larger batch is shared out', async () => {
    await service.post(batchOf(...emails(4_100)));
    expect(await service.settled()).toMatchObject({ imported: 4_100 });
    expect(mixpanel.requests.map(({ events }) => events.length)).toEqual([2_000, 2_000, 100]);
  });

  it('wait for each other above the concurrency', async () => {
    let inFlight = 0;
    let most = 0;
    mixpanel.behaviour = async request => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await service.get('/healthz');
      inFlight -= 1;
      accepts(request);
    };
    for (let batch = 0; batch < 12; batch += 1) await service.post(batchOf(...emails(1_000)));
    expect(await service.settled()).toMatchObject({ imported: 12_000 });
    expect(most).toBeLessThanOrEqual(4);
  });
});
