import type { Storage } from '../ports/index.ts';

/** A storage engine for tests: one empty database, which can be opened, cut off and opened again. */
export interface StorageHarness {
  open(): Promise<Storage>;
  /** Cuts the open storages off from their data, as a crash of the process does. */
  cut(): Promise<void>;
  /** Makes the data available again, where `open` does not. */
  restore?(): void;
  /** Whether leases survive a crash until they expire, or are void at the next open. */
  readonly leasesSurviveCrash: boolean;
  dispose(): Promise<void>;
}

/** Ends a storage as a crash does: without finishing its work or releasing its leases. */
export async function crash(harness: StorageHarness, storage: Storage): Promise<void> {
  await harness.cut();
  await storage.close();
  harness.restore?.();
}
