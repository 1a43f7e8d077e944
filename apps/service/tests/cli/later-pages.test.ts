import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Command } from 'commander';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCommands } from '../../src/cli/commands.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

/** The empty last page of every list. */
const emptyPage = {
  ...{ entries: [], receipts: [], requests: [], deadLetters: [], counts: {}, backfills: [], batches: [] },
  ...{ runs: [], unmatched: [], delivered: [], kept: true, next: null, older: null, unindexed: 0 },
};
const server = createServer((_request, response) => response.end(JSON.stringify(emptyPage)));
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
});

const run = async (args: readonly string[]) => {
  const { port } = server.address() as AddressInfo;
  const { stdout, stderr } = await ServiceProcess.run(
    { PORT: String(port), ADMIN_TOKEN: 'test-admin-token' },
    ...args,
  );
  return { args, text: stdout.join('\n'), stderr };
};

const isPaged = ({ options }: Command) =>
  options.find(({ long }) => long === '--before' || long === '--after')?.long;

/** Every command that has pages, with its arguments. */
function paged(commands: readonly Command[], path: readonly string[] = []): string[][] {
  return commands.flatMap(command => {
    const args = command.registeredArguments.filter(({ required }) => required).map(() => '12345');
    const option = isPaged(command);
    const here = [...path, command.name()];
    return [...(option ? [[...here, ...args, option]] : []), ...paged(command.commands, here)];
  });
}

it('an empty page after the first says that there are no further entries, and never that there are none', async () => {
  const lists = paged(await loadCommands());
  const names = lists.map(([first, second]) => (first === 'trace' ? first : `${first} ${second}`));
  expect(names).toContain('dead-letters list');
  expect(names).toContain('cohorts history');
  // The members of a run have a page of their own kind: see the tests of its command.
  const plain = lists.filter(([, verb]) => verb !== 'members');
  for (const list of plain) {
    const place = list[0] === 'trace' ? '1-1' : '1';
    expect(await run([...list, place])).toMatchObject({
      ...{ args: [...list, place], stderr: '' },
      text: expect.stringMatching(/^No (older|later) .*\.$/),
    });
  }
  expect((await run(['receipts', '--requests', '--before', '1-a'])).text).toMatch(/^No older requests .*\.$/);
}, 60_000);

it('an empty first page says that there are no entries', async () => {
  for (const [args, text] of [
    [['audit'], 'No administrative actions yet.'],
    [['receipts'], 'No user was forgotten, or only by a version without receipts.'],
    [['dead-letters', 'list'], 'No dead letters found.'],
    [['backfill', 'list'], 'No back-fills.'],
    [['batches', 'list'], 'No quarantined batches.'],
    [['cohorts', 'history', '12345'], 'No runs yet.'],
    [['cohorts', 'unmatched', '12345'], 'No unmatched distinct IDs.'],
  ] as const)
    expect(await run(args)).toMatchObject({ text });
}, 60_000);

it('a place that no list has is refused with what a place is', async () => {
  for (const list of [['audit'], ['receipts'], ['receipts', '--requests'], ['backfill', 'list']])
    expect((await run([...list, '--before', 'x'])).stderr.replaceAll(/\s+/g, ' ')).toBe(
      '--before is "x"; expected the value for the next page at the end of a list, or an ID. ',
    );
  expect((await run(['audit', '--before', '0'])).stderr).toMatch(/^--before is "0"; expected the value/);
}, 60_000);
