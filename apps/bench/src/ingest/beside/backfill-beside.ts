import { setTimeout as wait } from 'node:timers/promises';
import { startBackfill } from '../../backfill/bench-service.ts';
import { writeExportedFiles } from '../../backfill/exported-files.ts';
import { importedOf } from '../imported.ts';
import type { BesideSetting, BesideWork } from './work.ts';

/** A back-fill of exported files on the local disk, of all event types of 2026-07. */
export async function backfillBeside({ folder, size, signal }: BesideSetting): Promise<BesideWork> {
  const files = await writeExportedFiles(folder, size);
  return {
    ...{ environment: { ADMIN_TOKEN: 'bench-admin-token', CURRENTS_GENERATION: '2026-07' }, extraEvents: 0 },
    async begin(service) {
      const job = await startBackfill(service, files.folder, signal);
      while ((await importedOf(service.url, 'default:backfill', signal)) === 0) await wait(20);
      const end = async () => {
        while ((await job.show()).state === 'running') await wait(500);
      };
      return { ended: end(), times: () => 1 };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
