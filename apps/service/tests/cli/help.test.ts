import { expect, it } from 'vitest';
import { ServiceProcess } from '../../src/testing/service-process.ts';

it.each([
  ['help', ['help'], ['--help']],
  ['help of a command', ['help', 'compare'], ['compare', '--help']],
])('%s prints what --help prints', async (_, asCommand, asOption) => {
  const [command, option] = await Promise.all([
    ServiceProcess.run({}, ...asCommand),
    ServiceProcess.run({}, ...asOption),
  ]);
  expect(command.stdout.join('\n')).toContain('Usage: service');
  expect(command.stdout).toEqual(option.stdout);
});
