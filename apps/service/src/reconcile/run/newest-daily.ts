import type { Reconciliation, Reconciliations } from '@braze-mixpanel/storage';

/** More daily reports than storage keeps of a connection. */
const limit = 1_000;

/** The ID of the newest daily report of a connection, of those that are done; `undefined` without one. */
export async function newestDaily(
  connection: string,
  reconciliations: Pick<Reconciliations, 'list'>,
): Promise<Reconciliation['id'] | undefined> {
  const listed = await reconciliations.list({ connection, isDaily: true, limit });
  return listed.find(({ state }) => state === 'done')?.id;
}
