import { describe, expect, it } from 'vitest';
import { openStorage } from './open-storage.ts';
import { parseStorageUrl } from './storage-url.ts';

describe('the storage URL', () => {
  it.each([
    ['sqlite:./data/service.db', { kind: 'sqlite', path: './data/service.db' }],
    ['sqlite:data/service.db', { kind: 'sqlite', path: 'data/service.db' }],
    ['sqlite:/var/lib/service.db', { kind: 'sqlite', path: '/var/lib/service.db' }],
    ['sqlite:///var/lib/service.db', { kind: 'sqlite', path: '/var/lib/service.db' }],
    ['SQLITE:service.db', { kind: 'sqlite', path: 'service.db' }],
    ['sqlite::memory:', { kind: 'sqlite-memory' }],
  ])('%s names a place', (url, location) => {
    expect(parseStorageUrl(url)).toEqual({ location });
  });

  it.each([
    ['', /expected sqlite:<path>/],
    ['./data/service.db', /expected sqlite:<path>/],
    ['mysql://db/x', /expected sqlite:<path>/],
    ['sqlite:', /path of a file/],
    ['sqlite:./data/', /path of a file/],
    ['sqlite://data/service.db', /names a host/],
    ['postgres://user:not-a-secret@db/x', /PostgreSQL storage is not available/],
  ])('%j is refused with what was expected', (url, fault) => {
    expect(parseStorageUrl(url)).toEqual({ fault: expect.stringMatching(fault) });
  });

  it('never repeats a value that may hold a password', async () => {
    const opened = openStorage('postgres://user:not-a-secret@db/x');
    await expect(opened).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.not.stringContaining('not-a-secret'),
    });
  });
});
