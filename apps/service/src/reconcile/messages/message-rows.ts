import { z } from 'zod';
import type { BrazeNumbers } from '../braze/braze-numbers.ts';
import { type Column, columnSchema, eventsOf } from '../explain/columns.ts';
import type { NotKnown } from '../explain/facts.ts';
import type { ReadKept } from './kept-messages.ts';
import type { MessageKind, MessageTally } from './message-tally.ts';
import type { ReadSends } from './send-numbers.ts';

export const messageRowSchema = z
  .object({
    of: z.enum(['campaign', 'canvas', 'send']),
    id: z.string(),
    /** Name in Braze's list; that of its campaign for a send. Null for one that is not listed. */
    name: z.string().nullable(),
    /** Name in Mixpanel. */
    event: z.string(),
    /** Over all days of the report. */
    columns: z
      .object({
        braze: columnSchema,
        accepted: columnSchema,
        mixpanelRaw: columnSchema,
        mixpanelUnique: columnSchema,
      })
      .readonly(),
  })
  .readonly();
export type MessageRow = z.output<typeof messageRowSchema>;

export interface MessageFacts {
  readonly braze: Pick<BrazeNumbers, 'campaigns' | 'canvases' | 'messageEvents' | 'total'>;
  readonly exported: MessageTally | NotKnown;
  readonly kept: ReadKept;
  readonly sends: ReadSends;
}

/** Most rows of a kind in a report: those with the most events. */
const mostRows = 1_000;

/**
 * The columns of campaigns, Canvases and sends by event name, over all days: those that Braze counts, and those
 * that Mixpanel has. Pure.
 */
export function messageRows(facts: MessageFacts): {
  readonly messages: MessageRow[];
  readonly messagesLeftOut: number;
  readonly leftOutByKind: Record<MessageKind, number>;
} {
  const leftOutByKind = { campaign: 0, canvas: 0, send: 0 };
  const kept = { campaign: 0, canvas: 0, send: 0 };
  const messages = keysOf(facts)
    .map(key => rowOf(key, facts))
    .sort((one, other) => largestOf(other) - largestOf(one))
    .filter(({ of }) => {
      const isKept = kept[of] < mostRows;
      (isKept ? kept : leftOutByKind)[of] += 1;
      return isKept;
    });
  const { campaign, canvas, send } = leftOutByKind;
  return { messages, messagesLeftOut: campaign + canvas + send, leftOutByKind };
}

interface Key {
  readonly of: MessageKind;
  readonly id: string;
  readonly event: string;
  readonly campaignId?: string | undefined;
}

function keysOf({ braze: { campaigns, canvases, messageEvents, total }, exported }: MessageFacts): Key[] {
  const keys: Key[] = 'notKnown' in exported ? [] : [...exported.counts()];
  for (const list of [campaigns, canvases])
    for (const { of, id, numbers } of 'notKnown' in list ? [] : list.values())
      for (const event of messageEvents) {
        if (!('notKnown' in exported) && exported.of(of, id, event) !== undefined) continue;
        if ((eventsOf(total(event, numbers)) ?? 0) > 0) keys.push({ of, id, event });
      }
  return keys;
}

function rowOf(
  { of, id, event, campaignId }: Key,
  { braze, exported, kept, sends }: MessageFacts,
): MessageRow {
  const listOf = of === 'canvas' ? braze.canvases : braze.campaigns;
  const message = 'notKnown' in listOf ? undefined : listOf.get(of === 'send' ? (campaignId ?? '') : id);
  const count = countOf({ of, id, event }, exported);
  const ofBraze = (): Column => {
    if ('notKnown' in listOf) return listOf;
    if (of === 'send') return sends(id, event);
    return message === undefined ? notListed : braze.total(event, message.numbers);
  };
  return {
    ...{ of, id, name: message?.name ?? null, event },
    columns: {
      braze: ofBraze(),
      accepted: kept(of, id, event),
      mixpanelRaw: 'notKnown' in count ? count : { events: count.raw },
      mixpanelUnique: 'notKnown' in count ? count : { events: count.unique },
    },
  };
}

function countOf(
  { of, id, event }: Key,
  exported: MessageTally | NotKnown,
): { readonly raw: number; readonly unique: number } | NotKnown {
  if ('notKnown' in exported) return exported;
  const missing = exported.isFull(of) ? tooMany : { raw: 0, unique: 0 };
  return exported.of(of, id, event) ?? missing;
}

const tooMany = { notKnown: 'The raw export has too many campaigns, Canvases or sends to count each.' };
const notListed = { notKnown: 'Braze does not list it (any more), so it has no numbers of it.' };

const largestOf = ({ columns }: MessageRow): number =>
  Object.values(columns).reduce((most, column) => Math.max(most, eventsOf(column) ?? 0), 0);
