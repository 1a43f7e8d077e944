import type { Journal, StoredBatch } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { backfillQueue } from '../backfill/backfill-queue.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { namesOfType } from '../config/names-of-type.ts';
import { eventTexts } from '../events/body/event-texts.ts';
import { bodyOf, bodyText, eventsOf, storedBodies } from '../events/body/stored-body.ts';
import { mapRow } from '../events/delivery/map-rows.ts';
import { removedDays } from '../events/delivery/removed-days.ts';
import { CompareError } from './compare-error.ts';
import { momentOf } from './event-moment.ts';
import { dayOf, type Exports, namesOf } from './exports.ts';
import { SeenSet } from './seen-set.ts';

export interface CutOverOptions {
  readonly journal: Pick<Journal, 'pending' | 'rewrite'>;
  readonly exports: Pick<Exports, 'read'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Only reports what it would do. */
  readonly dryRun: boolean;
  /** Slots for the events in Mixpanel, a power of two of 8 bytes each. */
  readonly places?: number;
}

export const cutOverSchema = z
  .object({
    connection: z.string(),
    dryRun: z.boolean(),
    /** Pending events that would be sent, back-filled ones among them. */
    waiting: z.int(),
    /**
     * Of these, the ones that Mixpanel has from another sender: skipped as `already_in_mixpanel`, or in a dry
     * run, that would be.
     */
    alreadyThere: z.int(),
    /** Events of batches that were leased, or changed, at that moment: repeat the call. */
    left: z.int(),
  })
  .readonly();

export type CutOver = z.output<typeof cutOverSchema>;

/** The reason under which events are skipped that Mixpanel has from another sender. */
export const alreadyInMixpanel = 'already_in_mixpanel';

const mostDays = 31;
const dayMs = 86_400_000;
const defaultPlaces = 2 ** 22;

/**
 * Removes from a held backlog, and from that of back-fills, the events that another sender, such as the native
 * integration, already brought to Mixpanel: events of the same type, user and second. Their `$insert_id`s
 * differ, so Mixpanel itself would not recognise them. Their names may differ too: those of the catalogue
 * versions and of CURRENTS_NAMES are names of one event type. An event of no user is never removed, since
 * nothing tells it from another one.
 *
 * First the backlog and Mixpanel's events are read; then batches are rewritten, each in a transaction of its
 * own. Doubtful events stay and are delivered: a gap could not be filled afterwards. A repeated call finds
 * the rest.
 *
 * @throws CompareError when the export cannot be read or has more events than fit into memory; nothing has
 *   changed then
 */
export async function cutOver(connection: ConnectionConfig, options: CutOverOptions): Promise<CutOver> {
  const { journal, exports, now, dryRun, places = defaultPlaces } = options;
  const { name } = connection;
  const batches = () => heldBatches(name, journal);
  const waiting = await survey(batches(), now());
  const result = { connection: name, dryRun, waiting: waiting.events, alreadyThere: 0, left: 0 };
  if (waiting.events === 0) return result;

  const to = dayOf(now());
  const oldest = dayOf(now() - (mostDays - 1) * dayMs);
  const from = waiting.earliest < oldest ? oldest : waiting.earliest;
  const there = new SeenSet(places);
  await exports.read(connection, { from, to, names: namesOf(connection, waiting.names) }, exported => {
    if (there.add(momentOf(exported)) === 'full') throw new CompareError('compare_too_many');
  });

  for await (const batch of batches()) {
    const doubled = heldEventsOf(batch, now()).filter(
      ({ names, ...rest }) =>
        rest.distinctId !== '' && names.some(event => there.has(momentOf({ ...rest, event }))),
    );
    if (doubled.length === 0) continue;
    const outcome = dryRun ? 'done' : await without(batch, doubled, journal);
    if (outcome === 'done') result.alreadyThere += doubled.length;
    else if (outcome !== 'gone') result.left += doubled.length;
  }
  return result;
}

/** The connection's own backlog, and that of its back-fills. */
async function* heldBatches(
  connection: string,
  journal: CutOverOptions['journal'],
): AsyncGenerator<StoredBatch> {
  for (const queue of [connection, backfillQueue(connection)])
    yield* storedBodies(page => journal.pending(page), queue);
}

async function survey(batches: AsyncIterable<StoredBatch>, now: number) {
  const names = new Set<string>();
  let events = 0;
  let earliest = '9999-12-31';
  for await (const batch of batches) {
    for (const { names: own, time } of heldEventsOf(batch, now)) {
      for (const name of own) names.add(name);
      events += 1;
      const day = dayOf(time * 1_000);
      if (day < earliest) earliest = day;
    }
  }
  return { names, events, earliest };
}

interface HeldEvent {
  /** Index in the batch's `events`. */
  readonly index: number;
  /** Names in Mixpanel by which this service or another sender may have delivered it. */
  readonly names: readonly string[];
  /** UNIX seconds. */
  readonly time: number;
  /** Empty for an event of no user. */
  readonly distinctId: string;
}

/** The events of a batch that would be sent; none for a batch that cannot be mapped, which stays as it is. */
function heldEventsOf(batch: StoredBatch, now: number): readonly HeldEvent[] {
  try {
    const row = mapRow(batch, now);
    if (row.shadow) return [];
    const events = eventsOf(batch.body);
    return row.outbound.map(({ index, event, time, distinctId }) => {
      const { event_type: type } = events[index] as { event_type: string };
      return { index, time, distinctId, names: [...new Set([event, ...namesOfType(type)])] };
    });
  } catch {
    return [];
  }
}

function without(
  batch: StoredBatch,
  doubled: readonly HeldEvent[],
  journal: CutOverOptions['journal'],
): ReturnType<Journal['rewrite']> {
  const { id, events, body } = batch;
  const gone = new Set(doubled.map(({ index }) => index));
  const rest = eventTexts(bodyText(body)).filter((_, index) => !gone.has(index));
  return journal.rewrite({
    ...{ id, of: 'pending', events, removed: gone.size, reason: alreadyInMixpanel },
    body: bodyOf(rest),
    days: removedDays(
      batch,
      eventsOf(body).filter((_, index) => gone.has(index)),
    ),
  });
}
