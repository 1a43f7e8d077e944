import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { loadCommands } from '../../src/cli/commands.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { RunningService } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

const run = async (port: number, ...args: string[]) => {
  const environment = { PORT: String(port), ADMIN_TOKEN: 'test-admin-token' };
  const { stdout, sentences: stderr, child } = await ServiceProcess.run(environment, ...args);
  return { text: stdout.join('\n').replaceAll(/\s+/g, ' '), stderr, code: child.exitCode };
};

/** Every command with arguments: its path, and the arguments. */
function withArguments(commands: readonly Command[], path: readonly string[] = []) {
  return commands.flatMap((command): { path: string[]; args: string[] }[] => {
    const here = [...path, command.name()];
    const args = command.registeredArguments.map(argument => argument.name());
    return [...(args.length > 0 ? [{ path: here, args }] : []), ...withArguments(command.commands, here)];
  });
}

it('every command refuses an empty argument by its name, and names a command that helps', async () => {
  const commands = withArguments(await loadCommands());
  expect(commands.map(({ path }) => path.join(' '))).toContain('cohorts members');
  for (const { path, args } of commands) {
    const { code, text, stderr } = await run(1, ...path, ...args.map(() => ''));
    expect({ path, code, text }).toEqual({ path, code: 1, text: '' });
    const [first] = args;
    const isEmpty = `The argument <${first}> is empty. Run ${path.join(' ')} --help.\n`;
    // The numbers of a back-fill, batch or dead letter are checked when they are read.
    expect(stderr.startsWith(`<${first}> is "". Expected`) ? isEmpty : stderr).toBe(isEmpty);
    expect(stderr).toMatch(/ Run [a-z-]+( [a-z-]+)*( --help)?\.\n$/);
  }
}, 120_000);

it.each([['cohorts', 'show'], ['receipts']])(
  'the IDs "." and ".." are refused by: %s %s',
  async (...command) => {
    for (const id of ['.', '..'])
      expect(await run(1, ...command.filter(Boolean), id)).toMatchObject({
        ...{ code: 1, stderr: `Nothing has the ID "${id}". Correct the ID.\n` },
      });
  },
);

it('a receipt that does not exist is refused with the command that lists them', async () => {
  await using service = await RunningService.start({ MIXPANEL_API_URL: 'http://127.0.0.1:1' });
  const { port } = service.service;
  expect(await run(port, 'forget', 'grace', '--receipt')).toMatchObject({
    code: 1,
    stderr:
      'There is no receipt of this user: the user was not forgotten, or by a version without receipts. Run receipts.\n',
  });
  const number = '0f1e'.repeat(8);
  expect(await run(port, 'receipts', number)).toMatchObject({
    code: 1,
    stderr: `No receipt "${number}". Run receipts.\n`,
  });
}, 30_000);

it('a trace of a forgotten user says when the user was forgotten, and of any other user nothing', async () => {
  await using service = await RunningService.start({ MIXPANEL_API_URL: 'http://127.0.0.1:1' });
  const { port } = service.service;
  await service.post(batchOf(emailSend({ user: { external_user_id: 'ada' } })));
  expect((await run(port, 'trace', 'ada')).text).not.toContain('forgotten');
  await run(port, 'forget', 'ada', '--confirm');
  expect((await run(port, 'trace', 'ada')).text).toMatch(
    /^This user was forgotten at \d{4}-\d\d-\d\d \d\d:\d\dZ: later events are skipped\. Details: receipts [\da-f]{32} No stored events/,
  );
  expect((await run(port, 'trace', 'grace')).text).not.toContain('forgotten');
  await run(port, 'forget', 'ada', '--lift');
  expect((await run(port, 'trace', 'ada')).text).not.toContain('forgotten');
}, 60_000);
