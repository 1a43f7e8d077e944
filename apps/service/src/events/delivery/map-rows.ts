import {
  countNotes,
  type MappingNotes,
  type MappingProfile,
  mapEvent,
  parseProfile,
} from '@braze-mixpanel/core/mapping';
import type { PendingBatch } from '@braze-mixpanel/storage';
import { bodyText } from '../ingest/envelope.ts';
import { DayTally } from './day-tally.ts';
import { type EarlyEvent, type HeldGroup, heldGroups, isEarly } from './hold-events.ts';
import { PlaceholderCounts } from './placeholder-counts.ts';

/** One mapped event on its way, and where it came from. */
export interface OutboundEvent {
  readonly row: RowProgress;
  /** Its place in the batch's `events`. */
  readonly index: number;
  /** As Mixpanel names it. */
  readonly event: string;
  /** UNIX seconds. */
  readonly time: number;
  readonly insertId: string;
  readonly json: string;
  /** UTF-8 length of `json`. */
  readonly bytes: number;
}

export interface DeadEvent {
  readonly index: number;
  readonly reason: string;
  readonly detail: string;
  readonly mapped: OutboundEvent | undefined;
}

/** What has become of a leased row's events so far. */
export interface RowProgress {
  readonly batch: PendingBatch;
  /** Accepted in shadow: nothing of it is sent. */
  readonly shadow: boolean;
  readonly outbound: OutboundEvent[];
  /** Events that are not sent before their time has come. */
  readonly held: HeldGroup[];
  /** Events of `outbound` without a final answer yet. */
  unanswered: number;
  imported: number;
  readonly skipped: Record<string, number>;
  readonly dead: DeadEvent[];
  readonly notes: Record<string, number>;
  /** What looked like a placeholder in external ids, and how many events had it. */
  placeholders?: PlaceholderCounts;
  /** Of what was imported, or in shadow would have been sent. */
  readonly days: DayTally;
}

const profiles = new Map<string, MappingProfile>();

/**
 * Maps every event of a row under the profile it was accepted under. What is sent depends on the row alone, so after a crash, a lost
 * answer or an upgrade the same events go out again with the same `$insert_id`s and times; `now` decides when.
 *
 * @param now milliseconds since 1970
 * @throws when the row is not what `accept` stored, or pins a catalogue that this version does not have
 */
export function mapRow(batch: PendingBatch, now: number): RowProgress {
  const profile = profileOf(batch.profile);
  const early: EarlyEvent[] = [];
  const row: RowProgress = {
    batch,
    shadow: profile.shadow === true,
    outbound: [],
    held: [],
    unanswered: 0,
    imported: 0,
    skipped: {},
    dead: [],
    notes: {},
    days: new DayTally(),
  };
  const { events } = JSON.parse(bodyText(batch.body)) as { events: unknown[] };
  for (let index = 0; index < events.length; index += 1) {
    const result = mapEvent(events[index], profile, now);
    if (result.outcome === 'mapped') {
      const { json, bytes, notes } = result;
      const { event, properties } = result.event;
      const { time, $insert_id: insertId } = properties;
      if (isEarly(time, now)) {
        early.push({ index, time });
        continue;
      }
      row.outbound.push({ row, index, event, time, insertId, json, bytes });
      if (notes !== undefined) noted(row, notes);
    } else if (result.outcome === 'skipped') {
      row.skipped[result.reason] = (row.skipped[result.reason] ?? 0) + 1;
    } else {
      row.dead.push({ index, reason: result.reason, detail: result.detail, mapped: undefined });
    }
  }
  if (early.length > 0) {
    for (const group of heldGroups(early, now)) row.held.push(group);
    row.notes.timeAhead = early.length;
  }
  row.unanswered = row.outbound.length;
  return row;
}

function noted(row: RowProgress, notes: MappingNotes): void {
  countNotes(row.notes, notes);
  for (const id of notes.placeholderIds) {
    row.placeholders ??= new PlaceholderCounts();
    row.placeholders.add(id, 1);
  }
}

/** Rows share few profiles: a connection's present one, and those it had before. */
function profileOf(text: string): MappingProfile {
  const known = profiles.get(text);
  if (known !== undefined) return known;
  const profile = parseProfile(text);
  profiles.set(text, profile);
  return profile;
}
