import type { Reconciliations } from '@braze-mixpanel/storage';

/** Most reports that storage keeps of a connection. */
const mostReports = 60;

/**
 * Reads the number of findings in the newest report of a connection; `undefined` without a report. A report may have
 * megabytes, and a page asks every few seconds, so each is read once.
 */
export function newestDifferences(reconciliations: Pick<Reconciliations, 'list' | 'get'>) {
  const known = new Map<string, { readonly id: number; readonly findings: number }>();
  return async (connection: string): Promise<number | undefined> => {
    const listed = await reconciliations.list({ connection, limit: mostReports });
    const newest = listed.find(({ state }) => state === 'done');
    if (newest === undefined) return undefined;
    const { id, findings } = known.get(connection) ?? {};
    if (id === newest.id) return findings;
    const report = await reconciliations.get(newest.id);
    if (report === undefined) return undefined;
    const { length } = (JSON.parse(report.text) as { findings: unknown[] }).findings;
    known.set(connection, { id: newest.id, findings: length });
    return length;
  };
}
