import type { CohortStore } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { readReport } from '../syncs/stored-documents.ts';
import type { SyncRecord } from '../syncs/sync-record.ts';

const count = z.int();

/** What was read back of the changes in a ledger; `unknown` and `contradicted` members are only known from it. */
export const runReadBackSchema = z.object({
  readBack: z
    .object({
      at: z.iso.datetime(),
      sampled: count.describe('Members that were read back: `confirmed`, `contradicted` and `unknown` ones.'),
      confirmed: count,
      contradicted: count,
      unknown: count.describe('Members that are no users of Braze.'),
    })
    .nullable()
    .describe(
      'What was read back from Braze after the run; `null` if nothing was, for the reason in `readBackWhy`.',
    ),
  readBackWhy: z.string().nullable().describe('Why `readBack` is `null`: these states are then not known.'),
  unknownIn: count
    .nullable()
    .describe(
      'Newest other run whose ledger has members that are no users of Braze, as far as that is known.',
    ),
});
export type RunReadBackJson = z.output<typeof runReadBackSchema>;

/** Entries that a history has at most. */
const wholeHistory = 200;

/** The read-backs between a run and the next one: each read another sample, and added to the ledger of the run. */
export async function runReadBack(
  { id: sync, sink, readBack: state }: SyncRecord,
  run: number,
  store: CohortStore,
): Promise<RunReadBackJson> {
  const stored = await store.history({ sync, before: undefined, limit: wholeHistory });
  const entries = stored.map(entry => ({ id: entry.id, ...readReport(sync, entry) }));
  const ledgers = await store.ledgers(sync);
  const reads = entries
    .filter(({ trigger, unknown }) => trigger === 'read-back' && unknown !== undefined)
    .map(entry => ({ ...entry, ledger: ledgers.find(ledger => ledger.run < entry.id)?.run }));
  const unknownIn = reads.find(
    ({ unknown, ledger }) => unknown! > 0 && ledger !== undefined && ledger !== run,
  );
  const own = reads.filter(({ ledger }) => ledger === run);
  const sum = (of: (read: (typeof reads)[number]) => number | undefined) =>
    own.reduce((total, read) => total + (of(read) ?? 0), 0);
  const [confirmed, users, unknown] = [
    sum(each => each.confirmed),
    sum(each => each.readBack),
    sum(each => each.unknown),
  ];
  const [newest] = own;
  const isLast = ledgers[0]?.run === run;
  return {
    readBack: newest
      ? {
          at: new Date(newest.finishedAt).toISOString(),
          ...{ sampled: users + unknown, confirmed, contradicted: users - confirmed, unknown },
        }
      : null,
    readBackWhy: newest ? null : whyNot(sink, isLast ? state : undefined, isLast),
    unknownIn: unknownIn?.ledger ?? null,
  };
}

function whyNot(sink: SyncRecord['sink'], state: SyncRecord['readBack'], isLast: boolean): string {
  if (sink === 'partner') return 'Braze exports no members of partner cohorts';
  if (!isLast) return 'nothing was read back between this run and the next';
  if (state?.due !== undefined) return `a sample is read back at ${new Date(state.due).toISOString()}`;
  return state?.why || 'nothing was read back after this run';
}
