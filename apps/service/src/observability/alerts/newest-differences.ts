import type { Reconciliations } from '@braze-mixpanel/storage';
import { newestDaily } from '../../reconcile/run/newest-daily.ts';

interface Counted {
  readonly isDaily?: boolean | undefined;
  readonly findings: number;
}

/**
 * Reads the number of findings in the newest daily report of a connection; `undefined` without one. A report may have
 * megabytes, and a page asks every few seconds, so each is read once.
 */
export function newestDifferences(reconciliations: Pick<Reconciliations, 'list' | 'get'>) {
  const known = new Map<string, ReadonlyMap<number, Counted>>();
  return async (connection: string): Promise<number | undefined> => {
    const before = known.get(connection);
    const counted = new Map<number, Counted>();
    const newest = await newestDaily(connection, reconciliations, async id => {
      const found = before?.get(id) ?? countedOf(await reconciliations.get(id));
      if (found !== undefined) counted.set(id, found);
      return found;
    });
    known.set(connection, counted);
    return newest?.findings;
  };
}

function countedOf(report: { readonly text: string } | undefined): Counted | undefined {
  if (report === undefined) return undefined;
  const { isDaily, findings } = JSON.parse(report.text) as { isDaily?: boolean; findings: unknown[] };
  return { isDaily, findings: findings.length };
}
