import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as braze from './readme-braze.ts';
import * as cohorts from './readme-cohorts.ts';
import * as currents from './readme-currents.ts';
import * as mapping from './readme-example.ts';
import * as http from './readme-http.ts';
import * as input from './readme-input.ts';
import * as mixpanel from './readme-mixpanel.ts';
import * as openApi from './readme-open-api.ts';
import * as random from './readme-random.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const results = [...readme.matchAll(/```ts\n([\s\S]*?)```\n+returns\n+```json\n([\s\S]*?)```/g)].map(
  ([, source = '', result = '']) => ({ source, result }),
);

it.each([
  ['readme-example.ts', mapping],
  ['readme-currents.ts', currents],
  ['readme-mixpanel.ts', mixpanel],
  ['readme-cohorts.ts', cohorts],
  ['readme-braze.ts', braze],
  ['readme-http.ts', http],
  ['readme-input.ts', input],
  ['readme-open-api.ts', openApi],
  ['readme-random.ts', random],
])('the README shows the source and the result of %s', async (file, { example }) => {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  const shown = results.find(each => each.source === source);
  expect(shown).toBeDefined();
  expect(await example()).toEqual(JSON.parse(shown?.result ?? ''));
});
