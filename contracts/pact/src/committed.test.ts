import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf } from './contract.ts';
import { contracts } from './contracts.ts';
import { committed, pactsFolder } from './pact-file.ts';
import { temporaryFolder, writeContract } from './write-contract.ts';

describe('the committed contracts', () => {
  it.each(contracts.map(contract => [fileOf(contract), contract] as const))(
    '%s equals, byte for byte, the output of its senders',
    async (file, contract) => {
      await using folder = await temporaryFolder();
      await writeContract(contract, folder.path);
      const written = await readFile(join(folder.path, file), 'utf8');
      expect(written, '`npm run contracts` rewrites them').toBe(await readFile(committed(file), 'utf8'));
    },
  );

  it('are exactly these files', async () => {
    expect((await readdir(pactsFolder)).sort()).toEqual(contracts.map(fileOf).sort());
  });
});
