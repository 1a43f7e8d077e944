import { expect, it } from 'vitest';
import { ConfigRefused } from './config-refused.ts';
import { readConfig } from './read-config.ts';

const read = (settings: Record<string, string>) =>
  readConfig({ environment: { MIXPANEL_TOKEN: 'a-project-token', ...settings } }).connections[0]?.collect;

it('A connection collects nothing by default, and from COLLECT every five minutes', () => {
  expect(read({})).toBeUndefined();
  for (const source of ['exports', 's3://bucket/a', 'gs://bucket', 'azblob://account/container/a'])
    expect(read({ COLLECT: source })).toEqual({ source, intervalMs: 300_000 });
  expect(read({ COLLECT: 'exports', COLLECT_INTERVAL: '1h' })?.intervalMs).toBe(3_600_000);
});

it.each([
  'ftp://host/a',
  's3://',
  's3://key:secret-text@bucket/a',
  'azblob://account',
  'gs://bucket/a?token=secret-text',
])('COLLECT=%s is refused at start, and not repeated', source => {
  const refusal = () => read({ COLLECT: source });
  expect(refusal).toThrow(ConfigRefused);
  expect(refusal).toThrow(/COLLECT is not an address of files; expected a folder, s3:/);
  expect(refusal).not.toThrow(/secret-text/);
});

it('COLLECT_INTERVAL is between a minute and a day', () => {
  for (const text of ['10s', '2d', 'often'])
    expect(() => read({ COLLECT_INTERVAL: text })).toThrow(/COLLECT_INTERVAL/);
});
