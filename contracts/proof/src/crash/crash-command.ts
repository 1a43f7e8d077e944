import { randomInt } from 'node:crypto';
import { crashStorage, type StorageKind } from './crash-storage.ts';
import { runCrashes } from './run-crashes.ts';
import { runKillers } from './run-killers.ts';
import { runStorms } from './run-storms.ts';
import { runThreadDeaths } from './run-thread-deaths.ts';

export interface CrashArguments {
  readonly kills: number;
  readonly storage: StorageKind;
  readonly seed?: number;
}

export async function crash({ kills, storage: kind, seed = randomInt(1, 2 ** 31) }: CrashArguments) {
  console.log(`Seed ${seed}, storage ${kind}.`);
  await using storage = await crashStorage(kind);
  const figures = await runCrashes({ kills, seed, storage, report: sentence => console.error(sentence) });
  console.log(JSON.stringify(figures, null, 2));
}

export interface KillerArguments {
  readonly events: number;
  readonly storage: StorageKind;
}

export async function killers({ events: tinyEvents, storage: kind }: KillerArguments) {
  await using storage = await crashStorage(kind);
  console.log(JSON.stringify(await runKillers({ storage, tinyEvents }), null, 2));
}

export interface StormArguments {
  readonly rounds: number;
  readonly seed?: number;
}

export async function storms({ rounds, seed = randomInt(1, 2 ** 31) }: StormArguments) {
  console.log(`Seed ${seed}.`);
  const figures = await runStorms({ rounds, seed, report: sentence => console.error(sentence) });
  console.log(JSON.stringify(figures, null, 2));
}

export interface ThreadArguments {
  readonly deaths: number;
  readonly seed?: number;
}

export async function threads({ deaths, seed = randomInt(1, 2 ** 31) }: ThreadArguments) {
  console.log(`Seed ${seed}.`);
  const figures = await runThreadDeaths({ deaths, seed, report: sentence => console.error(sentence) });
  console.log(JSON.stringify(figures, null, 2));
}
