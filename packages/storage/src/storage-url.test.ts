import { describe, expect, it } from 'vitest';
import { openStorage } from './open-storage.ts';
import { parseStorageUrl } from './storage-url.ts';

const postgres = (url: string, where: string) => ({ kind: 'postgres', address: { url, where } });

describe('the storage URL', () => {
  it.each([
    ['sqlite:./data/service.db', { kind: 'sqlite', path: './data/service.db' }],
    ['sqlite:data/service.db', { kind: 'sqlite', path: 'data/service.db' }],
    ['sqlite:/var/lib/service.db', { kind: 'sqlite', path: '/var/lib/service.db' }],
    ['sqlite:///var/lib/service.db', { kind: 'sqlite', path: '/var/lib/service.db' }],
    ['SQLITE:service.db', { kind: 'sqlite', path: 'service.db' }],
    ['sqlite::memory:', { kind: 'sqlite-memory' }],
    ['postgres://u:p@db/events', postgres('postgres://u:p@db/events', 'db/events')],
    [
      'postgresql://u@[::1]:6000/x?sslmode=verify-full',
      postgres('postgresql://u@[::1]:6000/x?sslmode=verify-full', '[::1]:6000/x'),
    ],
  ])('%s names a place', (url, location) => {
    expect(parseStorageUrl(url)).toEqual({ location });
  });

  it.each([
    ['', /expected sqlite:<path> or postgres:/],
    ['./data/service.db', /expected sqlite:<path> or postgres:/],
    ['mysql://db/x', /expected sqlite:<path> or postgres:/],
    ['sqlite:', /path of a file/],
    ['sqlite:./data/', /path of a file/],
    ['sqlite://data/service.db', /names a host/],
    ['postgres:///x', /expected postgres:.*names no host/],
    ['postgres://user:not-a-secret@db', /names no database/],
    ['postgres://user:not#a%secret@db:x/y', /percent-encoded/],
    ['postgres://user:not-%zz-a-secret@db/x', /percent-encoded/],
    ['postgres://user@db/x?sslmode=nonsense', /its sslmode is none of disable, /],
    ['postgres://user@db/x?sslrootcert=/nowhere/ca.pem', /sslrootcert names a file that can't be read/],
  ])('%j is refused with what was expected', (url, fault) => {
    expect(parseStorageUrl(url)).toEqual({ fault: expect.stringMatching(fault) });
  });

  it('never repeats a value that may hold a password', async () => {
    const opened = openStorage('postgres://user:not-a-secret@db:port/x');
    await expect(opened).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.not.stringContaining('not-a-secret'),
    });
  });
});
