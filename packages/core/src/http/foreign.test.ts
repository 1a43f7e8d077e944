import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foreignCaller, isLoopbackName } from './index.ts';

const foreign = (headers: { host?: string; origin?: string }, allowed: string[] = []) =>
  foreignCaller(headers, name => isLoopbackName(name) || name === 'own.example', allowed)?.header;

describe('a request to a server of this machine', () => {
  it.each([
    {},
    { host: 'localhost' },
    { host: 'LOCALHOST:4000' },
    { host: 'app.localhost:4000' },
    { host: '127.0.0.1:4000' },
    { host: '127.8.9.10' },
    { host: '[::1]:4000' },
    { host: 'own.example:4000' },
    { host: 'own.example:4000', origin: 'http://own.example:4000' },
    { host: 'own.example', origin: 'https://own.example' },
    { host: 'own.example:80', origin: 'http://own.example' },
    { host: 'localhost:4000', origin: 'http://localhost:4010' },
    { host: '127.0.0.1:4000', origin: 'http://[::1]:4010' },
  ])('is its own with %j', headers => {
    expect(foreign(headers)).toBeUndefined();
  });

  it.each([
    { host: '' },
    { host: 'attacker.example' },
    { host: 'localhost.attacker.example' },
    { host: '127.0.0.1.attacker.example' },
    { host: 'xlocalhost' },
    { host: 'attacker.example@localhost' },
    { host: 'localhost/attacker.example' },
    { host: 'local\thost' },
    { host: '192.168.1.7' },
    { host: 'no name at all' },
  ])('is foreign by its host with %j', headers => {
    expect(foreign(headers)).toBe('Host');
  });

  it.each([
    'null',
    '',
    'file://',
    'file:///home/you/page.html',
    'https://attacker.example',
    'http://203.0.113.7',
    'http://[2001:db8::1]',
    'http://intranet',
    'http://own.example:4001',
    'http://localhost.attacker.example',
    'moz-extension://localhost',
  ])('is foreign by its origin %j', origin => {
    expect(foreign({ host: 'own.example:4000', origin })).toBe('Origin');
  });

  it('may come from a page of an allowed name', () => {
    const headers = { host: 'localhost', origin: 'https://console.example' };
    expect(foreign(headers, ['console.example'])).toBeUndefined();
    expect(foreign(headers, ['other.example'])).toBe('Origin');
  });

  it('is foreign when a page of any other site sends it, with any host', () => {
    const hosts = fc.oneof(fc.domain(), fc.constantFrom('localhost:4000', '127.0.0.1', 'own.example'));
    fc.assert(
      fc.property(hosts, fc.webUrl({ validSchemes: ['http', 'https'] }), (host, url) => {
        const { origin, hostname } = new URL(url);
        fc.pre(!isLoopbackName(hostname) && hostname !== 'own.example');
        expect(foreign({ host, origin })).toBeDefined();
      }),
    );
  });

  it('never throws, whatever the text of a header', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (host, origin) => {
        foreign({ host, origin });
      }),
    );
  });
});
