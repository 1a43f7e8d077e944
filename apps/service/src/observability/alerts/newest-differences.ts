import type { Reconciliations } from '@braze-mixpanel/storage';
import { newestDaily } from '../../reconcile/run/newest-daily.ts';

/**
 * Reads the number of findings in the newest daily report of a connection; `undefined` without one. A report may have
 * megabytes, and a page asks every few seconds, so each is read once.
 */
export function newestDifferences(reconciliations: Pick<Reconciliations, 'list' | 'get'>) {
  const known = new Map<string, { readonly id: number; readonly findings: number }>();
  return async (connection: string): Promise<number | undefined> => {
    const id = await newestDaily(connection, reconciliations);
    const before = known.get(connection);
    if (id !== undefined && before?.id === id) return before.findings;
    const report = id === undefined ? undefined : await reconciliations.get(id);
    if (report === undefined) return undefined;
    const { findings } = JSON.parse(report.text) as { findings: unknown[] };
    known.set(connection, { id: report.id, findings: findings.length });
    return findings.length;
  };
}
