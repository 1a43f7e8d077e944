import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { faultKinds } from './faults/kinds.ts';
import { listen, respond } from './index.ts';
import { example } from './readme-example.ts';
import { sendsAgainAfterAnOutage } from './readme-in-tests.ts';
import { runCurlLines, unreached } from './testing/curl-lines.ts';
import { simulatorOf } from './testing/simulator-of.ts';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it("the README's example equals the one that runs here", async () => {
  const [readme, source] = await Promise.all([read('../README.md'), read('./readme-example.ts')]);
  expect(/```ts\n([\s\S]*?)```/.exec(readme)?.[1]).toBe(source);
});

it("the README's test equals the one that runs here, and passes for code that retries", async () => {
  const [readme, source] = await Promise.all([read('../README.md'), read('./readme-in-tests.ts')]);
  expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);
  const handle = () => respond(200);
  const routes = [{ id: 'import', method: 'POST' as const, path: '/import', rules: [], handle }];
  await using server = await listen(simulatorOf({ routes }));
  const body = JSON.stringify([{ event: 'Email Send' }]);
  const send = () => fetch(`${server.url}/import`, { method: 'POST', body });
  expect(await sendsAgainAfterAnOutage(server.url, send)).toMatchObject({ verified: true, count: 1 });
});

it("the README's example gives the documented result", async () => {
  expect(await example()).toEqual({ lost: 'the answer was lost', kept: ['shopping'], later: [] });
});

it('the README has a working curl line for every control route and every kind of fault', async () => {
  const simulator = simulatorOf();
  const readme = await read('../README.md');
  const answers = await runCurlLines(simulator, readme);
  expect(answers.filter(({ status }) => status >= 300)).toEqual([]);
  const coverage = answers.find(({ request }) => request === 'GET /_sim/coverage');
  const { control } = JSON.parse(coverage?.text ?? '{}') as { control: string[] };
  expect(unreached(control, answers)).toEqual([]);
  for (const { kind } of faultKinds) expect(readme).toContain(`"kind":"${kind}"`);
  await simulator.close();
});
