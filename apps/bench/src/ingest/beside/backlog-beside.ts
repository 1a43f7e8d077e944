import { setTimeout as wait } from 'node:timers/promises';
import { fillBacklog } from '../../measure/fill-backlog.ts';
import { importedOf } from '../imported.ts';
import type { BesideSetting, BesideWork } from './work.ts';

/** A backlog in storage, which the service begins to deliver when it starts. */
export async function backlogBeside({ storageUrl, size, signal }: BesideSetting): Promise<BesideWork> {
  const extraEvents = await fillBacklog(storageUrl, size);
  const drain = async (url: string) => {
    while ((await importedOf(url, 'default', signal)) < extraEvents) await wait(100);
  };
  return {
    ...{ environment: {}, extraEvents },
    begin: async ({ url }) => ({ ended: drain(url), times: () => 1 }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
