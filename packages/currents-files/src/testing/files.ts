import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { type ExportedFile, type FileItem, type ReadOptions, readCurrentsFile } from '../index.ts';

/** A file in memory, read in chunks of a size. */
export function memoryFile(bytes: Uint8Array, path = 'file.avro', chunk = 1_000): ExportedFile {
  return {
    path,
    async *open(from) {
      for (let at = from; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
    },
  };
}

export async function readAll(file: ExportedFile, options?: ReadOptions): Promise<FileItem[]> {
  const items: FileItem[] = [];
  for await (const item of readCurrentsFile(file, options)) items.push(item);
  return items;
}

export const eventsOf = (items: readonly FileItem[]): CurrentsEvent[] =>
  items.flatMap(item => (item.kind === 'events' ? item.events : []));

export const faultsOf = (items: readonly FileItem[]) => items.filter(item => item.kind === 'fault');
