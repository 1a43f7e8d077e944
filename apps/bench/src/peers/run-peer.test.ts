import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPeer } from './run-peer.ts';

/** An importer with Mixpanel's address in its source, which leaves out the first `skipped` events. */
const importer = (skipped: number) => `
import { gzipSync } from 'node:zlib';
export default (credentials, events) =>
  fetch('https://api.mixpanel.com/import', {
    method: 'POST', body: gzipSync(JSON.stringify(events.slice(${skipped}))),
  });`;

const sdk = `
module.exports = {
  init: (token, { host, port }) => ({
    import_batch: (events, options, callback) =>
      fetch('http://' + host + ':' + port + '/import', {
        method: 'POST', body: 'data=' + Buffer.from(JSON.stringify(events)).toString('base64'),
      })
        .then(answer => answer.text())
        .then(text => callback(text === '1' ? [undefined] : [new Error(text)])),
  }),
};`;

describe('a peer', () => {
  let folder: string;
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(folder, 'node_modules', file)), { recursive: true });
    await writeFile(join(folder, 'node_modules', file), text);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'peer-'));
    await write('mixpanel-import/package.json', '{"type":"module"}');
  });
  afterAll(() => rm(folder, { recursive: true }));
  const signal = AbortSignal.timeout(60_000);

  it('sends the mapped events of the ingest benchmark to the sink instead of Mixpanel', async () => {
    await write('mixpanel-import/index.js', importer(0));
    expect((await runPeer(folder, 'mixpanel-import', 3, 300, signal)).seconds).toBeGreaterThan(0);
  });

  it('may be the SDK, whose form the sink reads and answers as Mixpanel does', async () => {
    await write('mixpanel/lib/mixpanel-node.js', sdk);
    expect((await runPeer(folder, 'mixpanel', 2, 200, signal)).seconds).toBeGreaterThan(0);
  });

  it('that loses events gives no figure', async () => {
    await write('mixpanel-import/index.js', importer(1));
    await expect(runPeer(folder, 'mixpanel-import', 1, 100, signal)).rejects.toThrow(
      'Of 100 events mixpanel-import imported 99.',
    );
  });

  it('that is not installed gives the command that installs it', async () => {
    await expect(runPeer('/not/there', 'mixpanel', 1, 100, signal)).rejects.toThrow(
      'npm install --prefix /not/there mixpanel',
    );
  });
});
