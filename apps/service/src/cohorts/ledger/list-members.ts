import { compareUtf8, memberOfKey } from '@braze-mixpanel/core/cohorts';
import type { CohortStore, StoredLedger, StoredLedgerChunk } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { parseJson } from '../../vendor-http/exchange.ts';
import { CohortError } from '../cohort-error.ts';
import { readReport } from '../syncs/stored-documents.ts';
import { type RunJson, reportJson, runSchema } from '../syncs/sync-json.ts';
import { keysOfChunk } from './chunk-keys.ts';
import { cursorText, type MemberCursor, readCursor } from './member-cursor.ts';
import { storedNotesSchema } from './notes.ts';
import { type RunReadBackJson, runReadBackSchema } from './run-read-back.ts';
import { type MemberState, memberStates, type Part, parts, stateNames } from './states.ts';

const moment = z.iso.datetime();

const memberSchema = z.object({
  state: z.enum(stateNames).describe(stateNames.map(name => `${name}: ${memberStates[name]}`).join(' ')),
  leaving: z.boolean().describe('Whether it left the cohort in Mixpanel: its change is a removal.'),
  kind: z.enum(['external_id', 'device_id', 'alias', 'distinct_id']),
  id: z.string(),
  label: z.string().nullable().describe('Of an alias.'),
  because: z
    .enum(['placeholder', 'no_user', 'held'])
    .nullable()
    .describe(
      'Why it is unmatched: a placeholder ID that Mixpanel refuses, or an ID of no user of Braze. `held`: it waits because the safety stop holds the list until an operator confirms it.',
    ),
  sentAt: moment.nullable().describe('When its change was last sent, at the latest.'),
  readAt: moment.nullable().describe('When it was read back from Braze.'),
  message: z.string().nullable().describe("Braze's message."),
});
export type MemberJson = z.output<typeof memberSchema>;

export const membersSchema = z.object({
  run: z.int().describe('ID of the run in the history.'),
  report: runSchema
    .nullable()
    .describe('The run with its counts in `states`; `null` where its entry named a user who was forgotten.'),
  members: z.array(memberSchema),
  next: z.string().nullable().describe('`after` of the next page; `null` on the last one.'),
  ...runReadBackSchema.shape,
});
export type MembersJson = z.output<typeof membersSchema>;
export type ListedMembers = Omit<MembersJson, keyof RunReadBackJson>;

interface ListRequest {
  readonly run?: number | undefined;
  readonly state?: MemberState | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * A page of the members in the ledger of a run, the newest one by default. It reads only the chunks of the page, so
 * its cost does not depend on the number of members.
 *
 * @throws CohortError `ledger_unknown`, `ledger_cursor_invalid`
 */
export async function listMembers(
  sync: string,
  { run, state, after, limit }: ListRequest,
  store: CohortStore,
): Promise<ListedMembers> {
  const given = run === undefined ? undefined : await findLedger(sync, run, store);
  const cursor = after === undefined ? undefined : cursorOf(after, { run: given?.run ?? run, state });
  const ledger = run === undefined ? await findLedger(sync, cursor?.run, store) : given;
  if (ledger === undefined) throw new CohortError('ledger_unknown', run === undefined ? '' : `run ${run}`);
  const wanted = parts.filter(part => state === undefined || part.state === state);
  const rest = cursor ? wanted.slice(wanted.findIndex(({ name }) => name === cursor.part)) : wanted;
  const members: MemberJson[] = [];
  let last: MemberCursor | undefined;
  const { run: id } = ledger;
  const shown = { run: id, report: await reportOf(sync, id, store) };
  for (const part of rest) {
    let from = part.name === cursor?.part ? cursor.key : undefined;
    for (;;) {
      const [chunk] = await store.readLedger({ ledger: ledger.id, part: part.name, after: from, limit: 1 });
      if (chunk === undefined) break;
      const toJson = memberJson(part, chunk, shown.report?.outcome === 'held');
      for (const key of keysAfter(from, await keysOfChunk(chunk.body))) {
        if (members.length === limit) return { ...shown, members, next: cursorText(last!) };
        members.push(toJson(key));
        last = { run: id, part: part.name, key };
        from = key;
      }
    }
  }
  return { ...shown, members, next: null };
}

const keysAfter = (after: string | undefined, keys: readonly string[]): readonly string[] =>
  after === undefined ? keys : keys.slice(keys.findIndex(key => compareUtf8(key, after) > 0));

function cursorOf(text: string, { run, state }: Pick<ListRequest, 'run' | 'state'>): MemberCursor {
  const cursor = readCursor(text);
  const part = parts.find(({ name }) => name === cursor?.part);
  const fits = (run ?? cursor?.run) === cursor?.run && (state ?? part?.state) === part?.state;
  if (cursor === undefined || !fits) throw new CohortError('ledger_cursor_invalid');
  return cursor;
}

async function findLedger(
  sync: string,
  run: number | undefined,
  store: CohortStore,
): Promise<StoredLedger | undefined> {
  const ledgers = await store.ledgers(sync);
  if (run === undefined) return ledgers[0];
  return ledgers.find(ledger => ledger.run === run) ?? ledgerBefore(sync, run, ledgers, store);
}

/** The ledger that still holds after a run that changed nothing, or to which a read-back added what it found. */
async function ledgerBefore(
  sync: string,
  run: number,
  ledgers: readonly StoredLedger[],
  store: CohortStore,
): Promise<StoredLedger | undefined> {
  const report = await reportOf(sync, run, store);
  const isKept = report !== null && report.states !== null && !report.hasLedger;
  return isKept || report?.trigger === 'read-back' ? ledgers.find(ledger => ledger.run < run) : undefined;
}

async function reportOf(sync: string, run: number, store: CohortStore): Promise<RunJson | null> {
  const [entry] = await store.history({ sync, before: run + 1, limit: 1 });
  return entry?.id === run ? reportJson({ id: run, ...readReport(sync, entry) }) : null;
}

function memberJson(
  { state, leaving }: Part,
  { at, notes }: StoredLedgerChunk,
  isHeld: boolean,
): (key: string) => MemberJson {
  const { sentAt, of } = storedNotesSchema.parse(parseJson(notes));
  const isSent = state === 'removed';
  const isRead = state === 'unknown' || state === 'contradicted';
  return key => {
    const note = Object.hasOwn(of, key) ? of[key] : undefined;
    const sent = note?.at ?? sentAt ?? (isSent ? at : undefined);
    return {
      ...{
        state,
        leaving,
        ...identifierOf(key),
        ...(isHeld && state === 'waiting' && { because: 'held' as const }),
      },
      sentAt: sent === undefined ? null : iso(sent),
      readAt: isRead ? iso(at) : null,
      message: note?.message || null,
    };
  };
}

function identifierOf(key: string): Pick<MemberJson, 'kind' | 'id' | 'label' | 'because'> {
  const member = memberOfKey(key);
  const none = { label: null, because: null };
  if (member.kind === 'alias') return { ...none, kind: member.kind, id: member.name, label: member.label };
  if (member.kind !== 'unmatched') return { ...none, kind: member.kind, id: member.id };
  const because = member.refused ? 'placeholder' : 'no_user';
  return { ...none, kind: 'distinct_id', id: member.distinctId, because };
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
