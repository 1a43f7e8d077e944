/** Writes the contract files anew: what a sender sends today becomes what its receivers are held to. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { contracts } from './contracts.ts';
import { pactsFolder } from './pact-file.ts';
import { writeContract } from './write-contract.ts';

await mkdir(pactsFolder, { recursive: true });
for (const file of await readdir(pactsFolder)) await rm(join(pactsFolder, file));
for (const contract of contracts) await writeContract(contract, pactsFolder);
console.log(`${contracts.length} contracts written to ${pactsFolder}`);
