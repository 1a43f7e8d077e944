import { expect, it } from 'vitest';
import { loadCommands } from './commands.ts';

const names = async (name?: string) => (await loadCommands(name)).map(each => each.name());

it('each command is loaded alone under its own name', async () => {
  for (const name of await names()) expect(await names(name)).toEqual([name]);
});

it('a former name, an unknown one and one of every object load all commands', async () => {
  const all = await names();
  expect(all.length).toBeGreaterThan(10);
  for (const name of ['handover', 'dead-leters', 'help', 'constructor'])
    expect(await names(name)).toEqual(all);
});
