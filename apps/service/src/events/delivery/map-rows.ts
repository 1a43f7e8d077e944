import { countNotes, type MappingOptions, mapEvent, parseMappingOptions } from '@braze-mixpanel/core/mapping';
import type { PendingBatch } from '@braze-mixpanel/storage';
import { externalIds } from '../body/external-ids.ts';
import { eventsOf } from '../body/stored-body.ts';
import { type UnlistedName, UnlistedNames } from '../first-seen/unlisted-names.ts';
import { excludedKey } from './excluded-counts.ts';
import { type EarlyEvent, type HeldGroup, heldGroups, isEarly } from './hold-events.ts';
import { type MappedText, type OutboundEvent, outboundEvents } from './outbound-event.ts';
import { PlaceholderCounts } from './placeholder-counts.ts';
import { type SkippedEvents, SkippedTally } from './skipped-events.ts';

/** An event that cannot be mapped. */
export interface UnmappedEvent {
  readonly index: number;
  readonly reason: string;
  readonly detail: string;
}

/** What the mapping of a row needs. */
type RowToMap = Pick<PendingBatch, 'body' | 'profile'>;

/** A leased row with its events mapped. */
export interface MappedRow<Row extends RowToMap = PendingBatch> {
  readonly batch: Row;
  /** Accepted in shadow mode: nothing of it is sent. */
  readonly shadow: boolean;
  readonly outbound: readonly OutboundEvent[];
  /** Events that are not sent before their own time. */
  readonly held: readonly HeldGroup[];
  readonly skipped: Readonly<Record<string, number>>;
  /** Indexes of the same events by reason; only where bodies are kept. */
  readonly skippedIndexes: Readonly<Record<string, readonly number[]>> | undefined;
  /** The same events by name and time. */
  readonly skippedEvents: readonly SkippedEvents[];
  readonly unmapped: readonly UnmappedEvent[];
  readonly notes: Readonly<Record<string, number>>;
  /** Texts in external IDs that look like placeholders, with the number of events that have them. */
  readonly placeholders: PlaceholderCounts | undefined;
  /** External IDs of all events, by which the kept body is found; only where bodies are kept. */
  readonly users: readonly string[] | undefined;
  /** Unknown event types and unlisted properties, each once. */
  readonly unlisted: readonly UnlistedName[];
}

const parsedOptions = new Map<string, MappingOptions>();

/**
 * A row with all its events mapped, under the options it was accepted under. The sent events depend on the
 * row alone, so after a crash, a lost answer or an upgrade the same events are sent again with the same
 * `$insert_id`s and times; `now` only decides when.
 *
 * @param now milliseconds since 1970
 * @param events those of the body, where they are parsed already; the caller does not use them afterwards
 * @param keeps whether the body is kept after its delivery, so that its users are needed
 * @throws when the row is not what `accept` stored, or names a catalogue version that this release does not
 *   have
 */
export function mapRow<Row extends RowToMap>(
  batch: Row,
  now: number,
  events: unknown[] = eventsOf(batch.body),
  keeps = false,
): MappedRow<Row> {
  const options = optionsOf(batch.profile);
  const early: EarlyEvent[] = [];
  const mapped: MappedText[] = [];
  const unmapped: UnmappedEvent[] = [];
  const skipped: Record<string, number> = {};
  const skippedIndexes: Record<string, number[]> = {};
  const skippedEvents = new SkippedTally();
  const notes: Record<string, number> = {};
  let placeholders: PlaceholderCounts | undefined;
  const unlisted = new UnlistedNames();
  for (let index = 0; index < events.length; index += 1) {
    const result = mapEvent(events[index], options, now);
    if (result.outcome === 'mapped') {
      const { name: event, time, insertId, distinctId, json, bytes } = result;
      if (isEarly(time, now)) {
        early.push({ index, time });
        continue;
      }
      mapped.push({ index, event, time, insertId, distinctId, json, bytes });
      if (result.notes === undefined) continue;
      countNotes(notes, result.notes);
      if (result.notes.unknownType) unlisted.addType(events[index]);
      unlisted.addProperties(events[index], result.notes.unlisted);
      for (const id of result.notes.placeholderIds) {
        placeholders ??= new PlaceholderCounts();
        placeholders.add(id, 1);
      }
    } else if (result.outcome === 'skipped') {
      skipped[result.reason] = (skipped[result.reason] ?? 0) + 1;
      if (keeps) {
        skippedIndexes[result.reason] ??= [];
        skippedIndexes[result.reason]!.push(index);
      }
      skippedEvents.add(events[index], options, result.reason, now);
      if (result.rule === undefined) continue;
      const key = excludedKey(result.rule);
      notes[key] = (notes[key] ?? 0) + 1;
    } else {
      unmapped.push({ index, reason: result.reason, detail: result.detail });
      if (result.reason === 'unknown_event_type') unlisted.addType(events[index]);
    }
  }
  if (early.length > 0) notes.timeAhead = early.length;
  const held = early.length > 0 ? heldGroups(early, now) : [];
  return {
    ...{
      batch,
      shadow: options.shadow === true,
      outbound: outboundEvents(mapped),
      held,
      skipped,
      skippedEvents: skippedEvents.list(),
      unmapped,
      notes,
      placeholders,
    },
    skippedIndexes: keeps ? skippedIndexes : undefined,
    users: keeps ? externalIds(events) : undefined,
    unlisted: unlisted.list(),
  };
}

/** Parsed mapping options of a row. Rows share few texts: a connection's present one, and those it had before. */
export function optionsOf(text: string): MappingOptions {
  const known = parsedOptions.get(text);
  if (known !== undefined) return known;
  const options = parseMappingOptions(text);
  parsedOptions.set(text, options);
  return options;
}
