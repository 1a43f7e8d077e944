import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { recordLastTrue } from './record-last-true.ts';

it('recordLastTrue sets the date of confirmed rules, and keeps the dates of the others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'last-true-'));
  const path = join(folder, 'last-true.ts');
  const head = '/** Days. */\nexport const lastTrue: Readonly<Record<string, string>>';
  await writeFile(path, `${head} = {};\n`);
  const source = { from: 'a document', seen: '2026' };
  const status = 'documented' as const;
  const rules = [
    { rule: 'says "no"', source, status: 'seen live' as const, lastTrue: '2026-01-01' },
    { rule: 'says {}', source, status },
  ];
  const routes = [{ id: 'write', endpoints: ['POST /'], hits: 0, hitsByEndpoint: {}, rules }];
  const statuses = { 'seen live': 1, documented: 1, observed: 0, contradicted: 0, chosen: 0 };
  const lists = { behaviours: [], notSimulated: [], faults: [], control: [] };
  const coverage = { name: 'mock', notice: '', statuses, routes, ...lists };
  await recordLastTrue(pathToFileURL(path), coverage, ['write: says {}'], '2026-02-01');
  expect(await readFile(path, 'utf8')).toBe(
    `${head} = {\n  "write: says \\"no\\"": "2026-01-01",\n  "write: says {}": "2026-02-01",\n};\n`,
  );
  await rm(folder, { recursive: true });
});
