import type { Reconciliations } from '@braze-mixpanel/storage';

/** Most reports that storage keeps of a connection. */
const mostReports = 60;

/**
 * The newest daily report of a connection, of those that are done; `undefined` without one. A report of an earlier
 * release does not say whether it is a daily one, and counts as one.
 *
 * @param read reads a report by its ID
 */
export async function newestDaily<Read extends { readonly isDaily?: boolean | undefined }>(
  connection: string,
  reconciliations: Pick<Reconciliations, 'list'>,
  read: (id: number) => Promise<Read | undefined>,
): Promise<Read | undefined> {
  for (const { id, state } of await reconciliations.list({ connection, limit: mostReports })) {
    const found = state === 'done' ? await read(id) : undefined;
    if (found !== undefined && found.isDaily !== false) return found;
  }
  return undefined;
}
