import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { loadCommands } from '../../src/cli/commands.ts';
import { track } from '../../src/testing/braze-gateway.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { emailSend } from '../../src/testing/events.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

/** Lines that do not fit 80 columns. A path, an address, an ID or a cursor alone in its line stays whole. */
const tooLong = (text: string) => text.split('\n').filter(line => line.length > 80 && /\S\s+\S/.test(line));

/** Lines with JSON, which `--json` alone prints, except an event or a request below its title. */
const jsonIn = (text: string) =>
  text
    .replace(/(?:event|request):\n\{[\s\S]*?^\}$/gm, '')
    .split('\n')
    .filter(line => /[[{]"|^\s*("[^"]*":|[\]}],?$)/.test(line));

const below = (command: Command): Command[] => [command, ...command.commands.flatMap(below)];

it.each((await loadCommands()).flatMap(below).map(each => [pathOf(each), each] as const))(
  'the help of %s fits 80 columns',
  (_, command) => {
    expect(tooLong(command.helpInformation())).toEqual([]);
  },
);

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

const id = `customer-${'0123456789'.repeat(4)}`;

it('the outputs of commands about a user, a cohort and an event fit 80 columns, with whole IDs', async () => {
  await using world = await CohortWorld.start({ ...track, DELIVERED_RETENTION: '1d' }, {}, ['ada']);
  await world.push([id, 'null', ...Array.from({ length: 120 }, (_, n) => `$device:${id}-${n}`)], {
    name: `A cohort with a name of many words, ${'which goes on '.repeat(6)}`,
  });
  const user = { external_user_id: id };
  const detail = 'a value that is none, and is quoted at length '.repeat(3);
  await world.service.post({
    events: [
      emailSend({ id: 'an-event-of-an-id-of-usual-length-0001', user }),
      emailSend({ id: 'e2', user, time: detail }),
      emailSend({ id: 'e3', user, event_type: 'users.messages.of.a.type.that.nothing.knows.yet' }),
    ],
  });
  await world.rest();
  const run = async (...args: string[]) => {
    const environment = { PORT: String(world.service.service.port), ADMIN_TOKEN: 'test-admin-token' };
    const { stdout, stderr } = await ServiceProcess.run(environment, ...args);
    const text = [...stdout, stderr].join('\n');
    expect([args.join(' '), tooLong(text), jsonIn(text)]).toEqual([args.join(' '), [], []]);
    return text;
  };
  const solid = (text: string) => text.replaceAll(/\s/g, '');
  expect(solid(await run('trace', id))).toContain('an-event-of-an-id-of-usual-length-0001');
  const page = await run('cohorts', 'members', '12345', '--run', 'last');
  expect(solid(page)).toContain(`$device:${id}-7`);
  const cursor = /^More, with --after:\n(\S+)$/m.exec(page)?.[1] ?? '';
  expect(solid(await run('cohorts', 'members', '12345', '--after', cursor))).toContain(`$device:${id}-99`);
  expect(await run('cohorts', 'unmatched', '12345')).toContain(`$device:${id}-0`);
  const commandLines = [
    ...['list', 'show 12345', 'history 12345', 'cost 12345', 'dry-run 12345'].map(each => `cohorts ${each}`),
    ...['cohorts members 12345 --run 99', 'cohorts members 12345 --after x', 'cohorts show 678'],
    ...['dead-letters list', 'dead-letters count', 'dead-letters show 1', 'batches list', 'audit'],
    ...['lookup-tables show', 'backfill list', 'reconcile --from x', 'cohorts delete 12345', 'forget ada'],
    ...[
      'no-such-command',
      'cohorts no-such-command',
      'cohorts members',
      'cohorts list --url http://127.0.0.1:1',
    ],
  ];
  await Promise.all(commandLines.map(line => run(...line.split(' '))));
  await run('forget', id, '--confirm');
}, 240_000);

it('warnings and errors of the configuration fit 80 columns', async () => {
  const environment = {
    ...{ CURRENTS_TOKEN: 'fake-currents-token', MIXPANEL_TOKEN: 'fake-project-token' },
    ...{ BRAZE_REST_URL: 'https://rest.example.com', STORAGE_URL: 'sqlite::memory:', HOST: '0.0.0.0' },
    COHORT_SEGMENTS: '1:segment',
  };
  const checked = await ServiceProcess.run(environment, 'config', 'check');
  expect(checked.stderr).not.toBe('');
  const refused = await ServiceProcess.run({ ...environment, PORT: 'x', COHORTS: 'y' }, 'config', 'check');
  expect(refused.stderr).toMatch(/^Invalid configuration/);
  for (const { stdout, stderr } of [checked, refused])
    expect(tooLong([...stdout, stderr].join('\n'))).toEqual([]);
}, 60_000);
