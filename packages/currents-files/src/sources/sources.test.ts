import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import { vendorServer, vendors } from '../testing/bucket-sources.ts';
import { realServers } from '../testing/real-servers.ts';
import { itIsASource } from '../testing/source-conformance.ts';
import { openSource } from './open-source.ts';

describe('a source of a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sources-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  itIsASource(async () => {
    const top = await mkdtemp(join(folder, 'top-'));
    return {
      source: await openSource(join(top, 'in/exports')),
      async put(path, text) {
        await mkdir(dirname(join(top, path)), { recursive: true });
        await writeFile(join(top, path), text);
      },
      remove: path => rm(join(top, path)),
    };
  });
});

describe.each(vendors)('a source of $scheme: objects', vendor => {
  const world = vendorServer(vendor);

  itIsASource(async () => {
    const { server } = world;
    server.clear();
    return {
      source: await openSource(`${vendor.address(server.bucket)}/in/exports/`),
      put: (path, text) => server.put(path, text),
      remove: path => server.remove(path),
    };
  });
});

describe.each(realServers)('a source of $scheme: objects on a real server', ({ environment, open }) => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  itIsASource(open);
});
