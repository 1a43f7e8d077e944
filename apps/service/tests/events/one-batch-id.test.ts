import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { emailSend, emails } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

it('a batch has the same ID at its receipt, at its import, and in the dead letters of its events', async () => {
  await using mixpanel = await FakeMixpanel.start();
  const lines: { msg: string; batch?: unknown }[] = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)) as { msg: string });
      done();
    },
  });
  await using service = await RunningService.start(
    { MIXPANEL_API_URL: mixpanel.url },
    { logger: pino({ level: 'debug' }, stream) },
  );
  await service.post({ events: [...emails(2), emailSend({ event_type: 'users.of.tomorrow' })] });
  await service.settled();
  const batch = lines.find(({ msg }) => msg === 'batch accepted')?.batch;
  expect(batch).toMatch(/^[0-9a-f]{16}$/);
  expect(lines.find(({ msg }) => msg === 'imported')?.batch).toEqual([batch]);
  expect((await service.deadLetters()).deadLetters).toMatchObject([{ batch }]);
});
