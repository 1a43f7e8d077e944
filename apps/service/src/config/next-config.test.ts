import { describe, expect, it } from 'vitest';
import { Secret } from '../secrets/secret.ts';
import { nextConfig } from './next-config.ts';
import { readConfig } from './read-config.ts';
import { sameConfig } from './same-config.ts';

const read = (environment: Record<string, string>) =>
  readConfig({ environment: { MIXPANEL_TOKEN: 'project-token', CURRENTS_TOKEN: 'token', ...environment } });
const simulators = { MIXPANEL_API_URL: 'http://127.0.0.1:1', MIXPANEL_QUERY_URL: 'http://127.0.0.1:1' };

describe('a running service that reloads its configuration', () => {
  it('keeps settings that only a start can change, names them, and applies the rest', () => {
    const running = read({ PORT: '4000', BODY_LIMIT: '1mb' });
    const next = nextConfig(running, read({ PORT: '5000', BODY_LIMIT: '2mb', DELIVERY_PARK: '1m' }));
    expect(next).toMatchObject({ kind: 'taken', config: { port: 4_000, delivery: { parkMs: 60_000 } } });
    expect(next.kind === 'taken' && next.warnings.join()).toContain('PORT, BODY_LIMIT.');
  });

  it('does not leave a clock that it follows for real vendors', () => {
    const running = read({ ...simulators, CLOCK_URL: 'http://127.0.0.1:2/_sim/clock' });
    expect(nextConfig(running, read({}))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('CLOCK_URL'),
    });
  });

  it('does not open Currents to everyone on an address that it keeps', () => {
    const running = read({ HOST: '0.0.0.0' });
    const next = read({ HOST: '127.0.0.1', CURRENTS_TOKEN: '' });
    expect(nextConfig(running, next)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('CURRENTS_TOKEN'),
    });
    expect(nextConfig(read({}), next)).toMatchObject({ kind: 'taken' });
  });
});

describe('parts of two configurations', () => {
  it('are the same when all of their values are, secrets included', () => {
    const part = (secret: string, list: unknown[] = ['a']) => ({
      secret: new Secret(secret),
      list,
      absent: undefined,
    });
    expect(sameConfig(part('one'), part('one'))).toBe(true);
    expect(sameConfig(part('one'), part('two'))).toBe(false);
    expect(sameConfig(part('one'), { ...part('one'), secret: 'one' })).toBe(false);
    expect(sameConfig(part('one', ['a', 'b']), part('one', ['b', 'a']))).toBe(false);
    expect(sameConfig([], {})).toBe(false);
    expect(sameConfig({ a: undefined }, { b: undefined })).toBe(false);
    expect(sameConfig(read({}), read({}))).toBe(true);
    expect(sameConfig(read({}), read({ MIXPANEL_TOKEN: 'another' }))).toBe(false);
  });
});
