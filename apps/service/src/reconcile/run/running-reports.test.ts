import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { beginSigns, InterruptedReports, type InterruptedReportsOptions } from './running-reports.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const interrupt = vi.fn(async (_: { silentMs: number }) => 1);
const marking = (isShared: boolean) => {
  interrupt.mockClear();
  const storage = { reconciliations: { interrupt }, ...(isShared && { replicas: {} }) };
  const options = { storage, now: () => 5, logger: pino({ level: 'silent' }) };
  return new InterruptedReports(options as unknown as InterruptedReportsOptions);
};
const silences = () => interrupt.mock.calls.map(([{ silentMs }]) => silentMs);

it('A process that owns its storage marks every running report once, at its start', async () => {
  const reports = marking(false);
  await vi.advanceTimersByTimeAsync(120_000);
  await reports.close();
  expect(silences()).toEqual([0]);
});

it('Replicas look every 15 s for reports without a sign for 30 s, until they close', async () => {
  const reports = marking(true);
  await vi.advanceTimersByTimeAsync(31_000);
  await reports.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(silences()).toEqual([30_000, 30_000, 30_000]);
});

it('A look that fails does not end the others', async () => {
  interrupt.mockRejectedValueOnce(new Error('no connection'));
  const reports = marking(true);
  interrupt.mockRejectedValueOnce(new Error('no connection'));
  await vi.advanceTimersByTimeAsync(31_000);
  await reports.close();
  expect(silences()).toHaveLength(3);
});

it('A report gives signs of what it does, at once and every 5 s, until they end', async () => {
  const renew = vi.fn(async () => undefined);
  const signs = beginSigns({ renew }, 7);
  signs.show('Reads the first day.');
  await vi.advanceTimersByTimeAsync(5_000);
  signs.show('Reads the second day.');
  signs.end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(renew.mock.calls).toEqual([
    [7, 'Reads the first day.'],
    [7, 'Reads the first day.'],
    [7, 'Reads the second day.'],
  ]);
});
