import { openStorage, type Storage } from '@braze-mixpanel/storage';
import { batchOf as storedBatch } from '@braze-mixpanel/storage/testing';
import { describe, expect, it, vi } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { RunningService } from '../../src/testing/running-service.ts';
import { evaluationOf } from './alerts/alert-run.ts';

const minute = 60_000;
const start = Date.parse('2026-03-01T12:00:00Z');
const text = (deadLetters: number) =>
  JSON.stringify({
    ...{ accepted: [0, 0], imported: [0, 0], backlog: 0, deadLetters, oldestSeconds: 0 },
    ...{ acknowledgement: [], import: [] },
  });

/** A service whose storage has a recorded minute, and a report without findings, before it starts. */
async function serviceWith(
  environment: Record<string, string>,
  fill: (storage: Storage) => Promise<unknown> = async () => undefined,
) {
  let storage: Storage | undefined;
  const clock = new ManualClock(start);
  const service = await RunningService.start(environment, {
    clock,
    openStorage: async url => {
      storage = await openStorage(url);
      await record(storage, 'default', start - 30 * minute);
      const days = { from: '2026-02-01', to: '2026-02-02' };
      const id = await storage.reconciliations.create({
        connection: 'default',
        ...days,
        isDaily: true,
        startedAt: start,
      });
      await storage.reconciliations.end({ id, at: start, state: 'done', text: '{"findings":[]}' });
      await fill(storage);
      return storage;
    },
  });
  return { service, clock, storage: storage! };
}

const record = ({ metricHistory }: Storage, connection: string, at: number, deadLetters = 0) =>
  metricHistory.put({ connection, length: 'minute', at, revision: 0, text: text(deadLetters) });

const onlyInPrometheus = ['BrazeMixpanelSilent', 'BrazeMixpanelDiskFills'];

describe('GET /api/alerts', () => {
  it('knows what concerns a queue of back-filled events and a connection that is no longer configured', async () => {
    const { service } = await serviceWith({ DELIVERY_MODE: 'hold' }, async storage => {
      for (const connection of ['default:backfill', 'former'])
        await storage.journal.append(storedBatch('x', { connection, receivedAt: start }));
      await record(storage, 'default:backfill', start - minute);
    });
    await using _ = service;
    expect(Object.keys((await service.status()).connections)).toEqual(
      expect.arrayContaining(['default:backfill', 'former']),
    );
    expect(await evaluationOf(service)).toEqual({ firing: [], notKnown: onlyInPrometheus });
  });

  it('counts dead letters at the moment of the request, whatever a clock that was ahead has recorded', async () => {
    await using mixpanel = await FakeMixpanel.start();
    const { service } = await serviceWith({ MIXPANEL_API_URL: mixpanel.url }, async storage => {
      await record(storage, 'default', start + 60 * minute, 7);
    });
    await using _ = service;
    expect((await evaluationOf(service)).firing).toEqual([]);
    await service.post(batchOf(emailSend({ event_type: 'users.of.tomorrow' })));
    await service.settled();
    expect((await evaluationOf(service)).firing).toContain('BrazeMixpanelDeadLettersGrow');
  });

  it.each([
    ['two hours ahead', 120, undefined, '11:30'],
    ['a day ahead', 24 * 60, undefined, '11:30'],
    ['two hours back', 0, 120, '14:00'],
  ])(
    'names the newest recorded minute where the clock was moved %s',
    async (_title, minutes, recorded, newest) => {
      const { service, clock } = await serviceWith({ DELIVERY_MODE: 'hold' }, async storage => {
        if (recorded === undefined) return;
        await storage.metricHistory.dropBefore('minute', start);
        await record(storage, 'default', start + recorded * minute);
      });
      await using _ = service;
      await clock.advance(minutes * minute);
      const { alerts } = (await (await service.get('/api/alerts')).json()) as {
        alerts: { alert: string; notKnown: string[] }[];
      };
      const grow = alerts.find(({ alert }) => alert === 'BrazeMixpanelDeadLettersGrow');
      expect(grow?.notKnown).toEqual([
        "No minute of the last hour of the service's clock is recorded: the clock was moved or stood still, or the " +
          `service was not running. The newest recorded minute is 2026-03-01 ${newest} UTC.`,
      ]);
    },
  );

  it('reads each report once, since a page asks every few seconds', async () => {
    const { service, storage } = await serviceWith({ DELIVERY_MODE: 'hold' });
    await using _ = service;
    const read = vi.spyOn(storage.reconciliations, 'get');
    for (let times = 0; times < 3; times += 1) await evaluationOf(service);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
