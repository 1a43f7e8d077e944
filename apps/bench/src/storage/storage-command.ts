import type { CommonArguments } from '../measure/finish.ts';
import type { Measured } from '../measure/result.ts';
import { measureStorage } from './measure-storage.ts';
import { storageReport } from './storage-report.ts';

/** Options of `bench storage`. */
export interface StorageArguments extends CommonArguments {
  events: number;
  writers: number;
  deliverers: number;
  postgres?: string;
}

/** Measures each storage alone. @throws Error if an event is missing */
export async function storage({
  events,
  writers,
  deliverers,
  postgres,
}: StorageArguments): Promise<Measured> {
  const engines = await measureStorage({
    ...{ events, writers, deliverers, ...(postgres !== undefined && { postgres }) },
  });
  return {
    ...{ bench: 'storage', options: { events, writers, deliverers }, figures: { engines }, marks: [] },
    text: engines.map(storageReport).join('\n\n'),
  };
}
