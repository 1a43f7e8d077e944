/**
 * Writes the contract files anew: what a sender sends today becomes what its receivers are held to. The committed files are replaced
 * once every contract could be written, and not before.
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
