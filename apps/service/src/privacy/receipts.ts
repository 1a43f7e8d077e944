import type { ReceiptEntry, Receipts } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { type Deletion, deletionTimes, readDeletion } from './deletions/deletion.ts';
import { type Forgotten, forgottenSchema } from './forget.ts';
import { outOfReach } from './out-of-reach.ts';

const time = z.string().nullable();
const removedSchema = forgottenSchema.omit({ digest: true });

/** The deletion of a user in one project of Mixpanel, as the API has it. Times are ISO 8601. */
export const deletionSchema = z.object({
  connection: z.string(),
  state: z
    .enum(['waiting', 'asking', 'followed', 'done', 'failed', 'withdrawn'])
    .describe(
      '`waiting`: not requested yet. `asking`: the answer is open. `followed`: accepted, not done. `done`: Mixpanel reported success.',
    ),
  taskId: z.string().nullable().describe("Mixpanel's ID of the task; `null` until it accepted the request."),
  status: z.string().nullable().describe("Mixpanel's last word on the task, such as `STARTED`."),
  requestedAt: z.string().describe('When `forget --vendors` was called.'),
  acceptedAt: time,
  checkedAt: time.describe('When Mixpanel last answered for the task.'),
  endedAt: time,
  nextAt: time.describe(
    'When the next request to Mixpanel is due, which is sent in its turn; `null` once it has ended.',
  ),
  isLate: z.boolean().describe('Whether it takes longer than the 30 days that Mixpanel documents.'),
  problem: z.string().nullable(),
  lostAnswers: z
    .int()
    .describe('Requests without an answer, each of which may have created a task of its own.'),
  idKept: z.boolean().describe('Whether storage has the ID still, for the request.'),
  earlier: z
    .array(
      z.object({
        taskId: z.string().nullable(),
        state: z.enum(['done', 'failed', 'withdrawn']),
        endedAt: z.string(),
      }),
    )
    .describe('Requests before, which have ended.'),
});

const entrySchema = z.object({
  at: z.string(),
  what: z.enum(['forget', 'lift']),
  vendors: z.boolean().default(false).describe('Whether Mixpanel was to be asked.'),
  notAsked: z.array(z.string()).default([]).describe('Connections whose Mixpanel could not be asked.'),
  keptDelivered: z
    .boolean()
    .default(false)
    .describe('Whether delivered events were kept (DELIVERED_RETENTION).'),
  removed: removedSchema
    .nullable()
    .default(null)
    .describe(
      'What was removed; `null` for `lift`, and where the end of a removal is not recorded: it is running, or was interrupted.',
    ),
});
type Entry = z.output<typeof entrySchema>;

export const receiptSchema = z.object({
  number: z.string().describe('A salted digest of the ID, which names the receipt.'),
  skipsLaterEvents: z.boolean().describe('Whether a tombstone skips later events of the user.'),
  entries: z.array(entrySchema).describe('Calls for the user, newest first; 100 at most.'),
  mixpanel: z.array(deletionSchema),
  notKnown: z.array(z.string()).describe('What this receipt does not vouch for, as sentences.'),
  outOfReach: z.array(z.object({ where: z.string(), next: z.string() })).readonly(),
});
export type Receipt = z.output<typeof receiptSchema>;

const mostEntries = 100;
const iso = (at: number) => new Date(at).toISOString();
const isoOrNull = (at: number | null | undefined) => (at === null || at === undefined ? null : iso(at));

function deletionJson(deletion: Deletion, now: number): z.output<typeof deletionSchema> {
  const { connection, state, since, dueAt, taskId, status, problem, lostAnswers, earlier } = deletion;
  const isOpen = dueAt !== undefined;
  return {
    ...{ connection, state, taskId, status },
    ...{ requestedAt: iso(deletion.requestedAt), acceptedAt: isoOrNull(deletion.acceptedAt) },
    ...{ checkedAt: isoOrNull(deletion.checkedAt), endedAt: isOpen ? null : iso(since) },
    nextAt: isoOrNull(dueAt),
    isLate: state === 'followed' && now - since > deletionTimes.late,
    ...{ problem, lostAnswers, idKept: deletion.externalId !== null },
    earlier: earlier.map(each => ({ ...each, endedAt: iso(each.endedAt) })),
  };
}

export interface ReceiptsOptions {
  readonly receipts: Pick<Receipts, 'append' | 'replace' | 'entries' | 'deletions'>;
  readonly tombstones: { isForgotten(number: string): Promise<boolean> };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Adds a call to the receipt of its user. Resolves to a function that replaces the entry, for a removal that has ended.
 *
 * @throws StorageError
 */
export async function addToReceipt(
  number: string,
  entry: NewEntry,
  { receipts, now }: ReceiptsOptions,
): Promise<(ended: NewEntry) => Promise<void>> {
  const at = now();
  const textOf = (given: NewEntry) => JSON.stringify(entrySchema.parse({ ...given, at: iso(at) }));
  const id = await receipts.append({ number, at, text: textOf(entry) });
  return ended => receipts.replace(id, textOf(ended));
}

type NewEntry = Omit<Entry, 'at' | 'removed'> & { readonly removed: Forgotten | null };

/** A receipt, or `undefined` where there is none of this number. @throws StorageError */
export async function receiptOf(
  number: string,
  { receipts, tombstones, now }: ReceiptsOptions,
): Promise<Receipt | undefined> {
  const entries = (await receipts.entries({ number, limit: mostEntries })).map(entryOf);
  const stored = await receipts.deletions(number);
  if (entries.length === 0 && stored.length === 0) return undefined;
  const mixpanel = stored.map(each => deletionJson(readDeletion(each), now()));
  return {
    ...{ number, skipsLaterEvents: await tombstones.isForgotten(number), entries, mixpanel },
    notKnown: notKnownOf(entries, mixpanel),
    outOfReach: outOfReach.filter(({ where }) => where !== 'Mixpanel' || !isAsked(entries, mixpanel)),
  };
}

const entryOf = ({ text }: ReceiptEntry): Entry => entrySchema.parse(JSON.parse(text));

/** Time of the newest `forget` of a receipt; `null` without one. @throws StorageError */
export async function forgottenAt(
  number: string,
  receipts: Pick<Receipts, 'entries'>,
): Promise<string | null> {
  const entries = (await receipts.entries({ number, limit: mostEntries })).map(entryOf);
  return entries.find(({ what }) => what === 'forget')?.at ?? null;
}

/** Whether each project of Mixpanel was asked, by the newest call. */
function isAsked(entries: readonly Entry[], mixpanel: Receipt['mixpanel']): boolean {
  const newest = entries.find(({ vendors }) => vendors);
  return newest !== undefined && newest.notAsked.length === 0 && mixpanel.length > 0;
}

/** What nothing in the receipt vouches for. */
function notKnownOf(entries: readonly Entry[], mixpanel: Receipt['mixpanel']): string[] {
  const forgets = entries.filter(({ what }) => what === 'forget');
  const newest = forgets.find(({ vendors }) => vendors);
  const lost = mixpanel.reduce((sum, { lostAnswers }) => sum + lostAnswers, 0);
  const failed = new Set(forgets[0]?.removed?.failed ?? []);
  return [
    ...(forgets[0]?.removed === null
      ? [
          'What the newest call removed: its end is not recorded. It is still running, or it was interrupted; then run forget again.',
        ]
      : []),
    ...(forgets.some(({ keptDelivered }) => !keptDelivered)
      ? [
          'How many delivered events of the user Mixpanel has: their bodies were not kept (DELIVERED_RETENTION).',
        ]
      : []),
    ...(newest === undefined
      ? ['Whether Mixpanel has data of the user: it was not asked to delete any (--vendors).']
      : []),
    ...(newest?.notAsked ?? []).map(
      name =>
        `Whether the project of connection ${name} has data of the user: it was not asked, as MIXPANEL_OAUTH_TOKEN with MIXPANEL_TOKEN is not set.`,
    ),
    ...mixpanel
      .filter(({ state }) => state !== 'done')
      .map(({ connection }) => `Whether Mixpanel has deleted the user in the project of ${connection}.`),
    ...(lost === 0
      ? []
      : [`Whether Mixpanel has further tasks of the user: ${lost} of its answers did not arrive.`]),
    ...[...failed].map(part => `What is left in this part, which failed: ${part}.`),
    'Whether Braze has the user: this service neither asks Braze nor deletes there.',
    'Whether logs, backups and exported files have the user.',
  ];
}

export const receiptListSchema = z.object({
  receipts: z.array(
    z.object({
      number: z.string(),
      at: z.string().describe('Time of the call.'),
      what: z.enum(['forget', 'lift']),
      vendors: entrySchema.shape.vendors,
      notAsked: entrySchema.shape.notAsked,
      complete: z
        .boolean()
        .nullable()
        .describe(
          'Whether storage had nothing left of the user; `null` for `lift`, and where the end of the removal is not recorded.',
        ),
      mixpanel: z.array(deletionSchema.pick({ connection: true, state: true, taskId: true, isLate: true })),
    }),
  ),
  next: z.int().nullable().describe('`before` of the next page; `null` on the last one.'),
});

/** Calls of all users, newest first. @throws StorageError */
export async function listReceipts(
  page: { readonly before?: number | undefined; readonly limit: number },
  { receipts, now }: ReceiptsOptions,
): Promise<z.output<typeof receiptListSchema>> {
  const { before, limit } = page;
  const rows = await receipts.entries({ limit, ...(before !== undefined && { before }) });
  const listed = [];
  for (const row of rows) {
    const { at, what, vendors, notAsked, removed } = entryOf(row);
    const mixpanel = (await receipts.deletions(row.number)).map(each => {
      const { connection, state, taskId, isLate } = deletionJson(readDeletion(each), now());
      return { connection, state, taskId, isLate };
    });
    listed.push({
      ...{ number: row.number, at, what, vendors, notAsked },
      ...{ complete: removed?.complete ?? null, mixpanel },
    });
  }
  return { receipts: listed, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}
