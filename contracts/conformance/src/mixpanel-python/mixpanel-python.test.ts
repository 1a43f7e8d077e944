import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { defaultProject, type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

/** The published Python client `mixpanel`, unchanged, against the simulator. */
const { token, apiSecret } = defaultProject;
const script = fileURLToPath(new URL('client.py', import.meta.url));
const found = spawnSync('python3', ['-c', 'import mixpanel']).status === 0;
const missing = found ? undefined : 'python3 has no module mixpanel (pip install mixpanel)';

if (missing !== undefined && process.env.REQUIRE_PYTHON_CLIENT)
  it('runs with the Python client', () => expect.fail(`Not possible: ${missing}.`));

describe.skipIf(missing !== undefined)(`the Python client${missing ? `, skipped: ${missing}` : ''}`, () => {
  let server: RunningMockMixpanel;
  beforeAll(async () => {
    server = await startMockMixpanel();
  });
  afterEach(() => server.model.reset());
  afterAll(() => server?.close());

  type Call = [method: string, args: unknown[], keywords?: object];

  /** Calls methods in order. Returns the error that each one raised, or null. */
  async function call(...calls: Call[]): Promise<unknown[]> {
    const python = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const full = calls.map(([method, args, keywords = {}]) => [method, args, keywords]);
    python.stdin.end(JSON.stringify({ url: server.url, token, calls: full }));
    const [output] = await Promise.all([text(python.stdout), once(python, 'exit')]);
    return JSON.parse(output);
  }
  const secret = { api_secret: apiSecret };
  const events = async () => (await Array.fromAsync(server.model.events.readUnique())).flat();
  const anonymous = '18b7f3f6-8a1b-4c3d-9e2f-001122334455';

  it('track and import_data arrive', async () => {
    const old = 1_577_836_800;
    expect(
      await call(
        ['track', ['ada', 'Planted', { tree: '🌳' }]],
        ['import_data', [null, 'ada', 'Signed Up', old, { plan: 'pro' }], secret],
      ),
    ).toEqual([null, null]);
    expect(await events()).toMatchObject([
      { event: 'Planted', properties: { distinct_id: 'ada', tree: '🌳', mp_lib: 'python' } },
      { event: 'Signed Up', properties: { distinct_id: 'ada', time: old, plan: 'pro' } },
    ]);
  });

  it('merge and alias join two users on original identity', async () => {
    server.model.change({ idManagement: 'original' });
    expect(
      await call(
        ['merge', [null, 'ada', 'grace'], secret],
        ['alias', ['nick', 'ada']],
        ['track', ['ada', '$identify', { $identified_id: 'ada', $anon_id: anonymous }]],
      ),
    ).toEqual([null, null, null]);
    for (const id of ['grace', 'nick', anonymous]) expect(server.model.identities.canonical(id)).toBe('ada');
  });

  it('merge is refused on simplified identity, and without the secret', async () => {
    expect(await call(['merge', [null, 'ada', 'grace'], { api_secret: 'guess' }])).toEqual([
      expect.stringContaining('Invalid credentials'),
    ]);
    expect(await call(['merge', [null, 'ada', 'grace'], secret])).toEqual([
      expect.stringContaining('identity events are not allowed'),
    ]);
  });

  it('every operation on people arrives', async () => {
    const at = { meta: { $ignore_time: true } };
    expect(
      await call(
        ['people_set', ['ada', { games: 1, tags: ['a', 'b'] }], at],
        ['people_set_once', ['ada', { first: 'once' }], at],
        ['people_set_once', ['ada', { first: 'twice' }], at],
        ['people_increment', ['ada', { games: 4 }], at],
        ['people_append', ['ada', { tags: 'c' }], at],
        ['people_union', ['ada', { tags: ['c', 'd'] }], at],
        ['people_remove', ['ada', { tags: 'a' }], at],
        ['people_unset', ['ada', ['first']], at],
        ['people_track_charge', ['ada', 9.5], at],
      ),
    ).toEqual(Array(9).fill(null));
    expect(server.model.profiles.get('ada')).toMatchObject({
      games: 5,
      tags: ['b', 'c', 'd'],
      $transactions: [{ $amount: 9.5 }],
    });
    expect(await call(['people_clear_charges', ['ada'], at])).toEqual([null]);
    expect(server.model.profiles.get('ada')).not.toHaveProperty('$transactions');
    expect(await call(['people_delete', ['ada'], at])).toEqual([null]);
    expect(server.model.profiles.get('ada')).toBeUndefined();
  });

  it('every operation on groups arrives', async () => {
    expect(
      await call(
        ['group_set', ['company', 'Acme', { size: 3, tags: ['a'] }]],
        ['group_set_once', ['company', 'Acme', { size: 4 }]],
        ['group_union', ['company', 'Acme', { tags: ['b'] }]],
        ['group_remove', ['company', 'Acme', { tags: 'a' }]],
        ['group_unset', ['company', 'Acme', ['size']]],
      ),
    ).toEqual(Array(5).fill(null));
    expect([...server.model.groups.entries()]).toEqual([['company\nAcme', { tags: ['b'] }]]);
    expect(await call(['group_delete', ['company', 'Acme']])).toEqual([null]);
    expect([...server.model.groups.entries()]).toEqual([]);
  });
});
