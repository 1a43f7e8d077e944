import { catalogue2022_06, catalogue2026_07, catalogueDifference } from '@braze-mixpanel/core/currents';
import { expect, it } from 'vitest';
import { ServiceProcess } from '../../src/testing/service-process.ts';

async function run(environment: Record<string, string>, ...args: string[]) {
  const { stdout, sentences: stderr, child } = await ServiceProcess.run(environment, ...args);
  return { lines: stdout.join('\n').split('\n'), stderr, code: child.exitCode };
}
const catalogue = (...args: string[]) => run({}, 'catalogue', ...args);

it('`catalogue` needs no configuration, and fits 80 columns', { timeout: 60_000 }, async () => {
  const [versions, events, changes, json] = await Promise.all([
    catalogue('list'),
    catalogue('list', '2026-07'),
    catalogue('diff', '2022-06', '2026-07'),
    catalogue('diff', '2022-06', '2026-07', '--json'),
  ]);
  expect(versions.lines.some(line => /^2026-07\s+\d+$/.test(line))).toBe(true);
  for (const { eventType } of catalogue2026_07.entries) expect(events.lines.join()).toContain(eventType);
  for (const { lines, code } of [versions, events, changes]) {
    expect(code).toBe(0);
    expect(lines.filter(line => line.length > 80)).toEqual([]);
  }
  const difference = catalogueDifference(catalogue2022_06, catalogue2026_07);
  expect(JSON.parse(json.lines.join('\n'))).toEqual(difference);
  expect(changes.lines.join()).toContain('productId to product_id');
});

it('`catalogue` refuses an unknown version in one sentence', { timeout: 60_000 }, async () => {
  const refusals = await Promise.all([catalogue('list', '2022-60'), catalogue('diff', '2022-06', '1999-01')]);
  for (const { code, stderr } of refusals) {
    expect(code).toBe(1);
    expect(stderr).toMatch(/There is no catalogue version "\d{4}-\d\d"; expected one of 2022-06, 2026-07\./);
  }
});

it('`config check` warns about a name that is billed for its spelling, until an override renames it', {
  timeout: 60_000,
}, async () => {
  const needed = { MIXPANEL_TOKEN: 'm', CURRENTS_TOKEN: 'currents-token-of-a-test' };
  const [before, after, newer] = await Promise.all([
    run(needed, 'config', 'check'),
    run({ ...needed, CURRENTS_NAMES: '{"SMS Send To Carrier":"SMS Send to Carrier"}' }, 'config', 'check'),
    run({ ...needed, CURRENTS_GENERATION: '2026-07' }, 'config', 'check'),
  ]);
  expect(String(before.stderr)).toContain('does not rename "SMS Send To Carrier", so Mixpanel bills');
  expect(before.lines).toContain('Connection default: event catalogue 2022-06.');
  expect(String(after.stderr)).not.toContain('SMS Send');
  expect(newer.lines.join(' ')).toMatch(/catalogue 2026-07; 4 event names differ from 2022-06, see docs/);
  expect(newer.lines).toContain('SMS Inbound Receipt is now SMS Inbound Received.');
  expect(newer.lines.filter(line => line.length > 80)).toEqual([]);
});
