/**
 * The command that rewrites the contract files: the current requests of each sender become the contract of
 * its receivers. The committed files are replaced only after every contract was written successfully.
 */
import { cp, rm } from 'node:fs/promises';
import { contracts } from './contracts.ts';
import { pactsFolder } from './pact-file.ts';
import { temporaryFolder, writeContract } from './write-contract.ts';

await using written = await temporaryFolder();
for (const contract of contracts) await writeContract(contract, written.path);
await rm(pactsFolder, { recursive: true, force: true });
await cp(written.path, pactsFolder, { recursive: true });
console.log(`${contracts.length} contracts written to ${pactsFolder}`);
