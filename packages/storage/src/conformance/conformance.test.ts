import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { contracts } from './conformance.ts';

const tests = new URL('../../tests/', import.meta.url);

it.each(['sqlite', 'postgres'])('each group of contracts has a file of tests on %s', engine => {
  for (const group of Object.keys(contracts)) {
    const file = group.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
    expect(readFileSync(new URL(`${engine}/${file}.test.ts`, tests), 'utf8')).toContain(
      `contracts.${group})`,
    );
  }
});
