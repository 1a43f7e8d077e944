import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('A hidden warning is not printed, and others are', async () => {
  const module = new URL('hide-warnings.ts', import.meta.url).href;
  const program = `
    const { hideWarnings } = await import(${JSON.stringify(module)});
    hideWarnings('MetadataLookupWarning');
    process.emitWarning('hidden', 'MetadataLookupWarning');
    process.emitWarning('shown', 'OtherWarning');`;
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  expect(stderr).toContain('OtherWarning: shown');
  expect(stderr).not.toContain('hidden');
});
