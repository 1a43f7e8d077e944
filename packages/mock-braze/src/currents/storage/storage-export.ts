import { type CatalogueVersion, type CurrentsEvent, catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { damageFile, whyNotStored, writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { type Connector, type Delivery, type OutgoingBatch, writeJson } from '../connector.ts';
import { exportPath } from './export-path.ts';
import { type FileStore, FileStoreError } from './file-store.ts';
import type { StorageFields } from './storage-definition.ts';
import type { WrittenFiles } from './written-files.ts';

/** The error of storage Currents in a simulator without a place for their files. */
export const storageIsOff =
  'Storage Currents are off, since this simulator has no place for their files. Start mock-braze with --storage-dir <folder>, or with --storage-bucket <s3://bucket/prefix> and --storage-endpoint <url>.';

const hour = 3_600_000;

/** What a storage export consists of. */
export interface StorageExport {
  readonly definition: StorageFields;
  readonly catalogueVersion: CatalogueVersion;
  readonly integrationId: string;
  /** `undefined`: the simulator has none, and every batch is refused. */
  readonly store: FileStore | undefined;
  readonly files: WrittenFiles;
  /** A random number in [0, 1). */
  readonly random: () => number;
}

/**
 * The storage export: an Avro file per event type, after 15,000 events or the flush interval, with events of
 * one hour of queueing. Files are never empty and never overwritten. An event that the schemas of the
 * catalogue version cannot hold is dropped.
 *
 * Failures are those of other Currents: without permission, batches are held until a file can be written;
 * other errors are retried; after five days the Current is disabled.
 */
export function storageExportConnector(given: StorageExport): Connector {
  const { definition, catalogueVersion, store } = given;
  const { faults } = definition;
  const happens = (share: number) => share > 0 && given.random() < share;
  return {
    batchSize: 15_000,
    span: hour,
    encode(event) {
      const encoded = writeJson(event);
      const reason = encoded.kind === 'send' ? whyNotStored(event, catalogueVersion) : undefined;
      return reason === undefined ? encoded : { kind: 'dropped', reason };
    },
    async deliver(batch, { timeout, signal: closed }) {
      const { late } = batch;
      if (store === undefined) return failed(storageIsOff, true);
      const signal = () => AbortSignal.any([closed, AbortSignal.timeout(timeout)]);
      try {
        if (batch.items.length === 0) {
          await store.check(definition.folder, signal());
          return { outcome: { file: definition.folder }, verdict: { kind: 'taken', dropped: 0 } };
        }
        if (late === undefined && happens(faults.late))
          return { verdict: { kind: 'later', delay: faults.lateBy } };
        const file = await writeBatch(given, store, batch, happens, signal);
        if (late !== undefined && late > batch.queuedAt) given.files.add({ late: 1 });
        if (happens(faults.repeated)) {
          await writeBatch(given, store, batch, happens, signal);
          given.files.add({ repeated: 1 });
        }
        return { outcome: { file }, verdict: { kind: 'taken', dropped: 0 } };
      } catch (error) {
        if (error instanceof FileStoreError) return failed(error.message, error.isRefused);
        throw error;
      }
    },
  };
}

const failed = (error: string, isRefused: boolean): Delivery => ({
  outcome: { error },
  verdict: { kind: isRefused ? 'refused' : 'transient' },
});

/** Writes a file. @returns its path. @throws FileStoreError */
async function writeBatch(
  { definition, catalogueVersion, integrationId, files, random }: StorageExport,
  store: FileStore,
  { eventType, items, queuedAt }: OutgoingBatch,
  happens: (share: number) => boolean,
  signal: () => AbortSignal,
): Promise<string> {
  const { folder, layout, codec, faults } = definition;
  const events = items.map(item => JSON.parse(item) as CurrentsEvent);
  const whole = await writeCurrentsFile(eventType, events, { codec, catalogueVersion });
  const how = happens(faults.corrupt) ? 'corrupt' : happens(faults.truncated) ? 'truncated' : undefined;
  const { bytes, unreadable } = how ? await damageFile(whole, how, random) : { bytes: whole, unreadable: 0 };
  for (;;) {
    const offset = files.takeOffset(items.length);
    const version = catalogueVersion.id === catalogue2022_06.id ? 6 : 10;
    const path = exportPath({ folder, layout, integrationId, eventType, queuedAt, version, offset });
    if (!(await store.write(path, bytes, signal()))) continue;
    files.add({ written: 1, unreadable, ...(how && { [how]: 1 }) });
    return path;
  }
}
