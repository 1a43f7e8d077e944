import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { afterAll, beforeAll, expect, it } from 'vitest';

const page = await readFile(new URL('../../../docs/simulators/other-languages.md', import.meta.url), 'utf8');
const languages = [
  { name: 'python', command: 'python3', flag: '-c', passed: /Ran 2 tests[\s\S]*OK/ },
  { name: 'ruby', command: 'ruby', flag: '-e', passed: /1 runs, .* 0 failures, 0 errors/ },
];
const here = languages.filter(({ command }) => spawnSync(command, ['--version']).status === 0);

let braze: RunningMockBraze;
beforeAll(async () => {
  braze = await startMockBraze();
});
afterAll(() => braze.close());

it.each(languages)('the page has one example in $name', ({ name }) => {
  expect(page.split(`\`\`\`${name}\n`)).toHaveLength(2);
});

// A language that is not installed here is skipped; the page mentions that.
for (const { name, command, flag, passed } of here) {
  it(`the example in ${name} works unchanged`, async () => {
    const example = new RegExp(`\`\`\`${name}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
    const { stdout, stderr } = await promisify(execFile)(command, [flag, example], {
      env: { ...process.env, BRAZE_URL: braze.url },
    });
    expect(stdout + stderr).toMatch(passed);
  });
}
