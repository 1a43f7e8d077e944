import { z } from 'zod';
import type { DaySummary } from './id-observer.ts';

/**
 * Events of one `distinct_id` and day after which Mixpanel renames further ones to `$hotshard_events` and removes
 * their `distinct_id`. Whose day it is, of UTC or of the project, is not documented. Source: Mixpanel documentation,
 * "Hot Shard Limits", read 2026-08.
 */
export const hotIdEvents = 200_000;

/** Ids with their counts in a report. */
const mostHeavy = 20;

/** What the service counted of the user ids of one connection. */
export const idReportSchema = z.object({
  days: z.array(
    z.object({
      day: z.string().describe('`YYYY-MM-DD`, UTC, by the time of the events.'),
      events: z.int().describe('Delivered events of a user.'),
      ids: z.int().describe('Different IDs; estimated where there are 200 or more.'),
      error: z.int().describe('By how much each count of `heaviest` may be too low.'),
      heaviest: z
        .array(z.object({ id: z.string(), events: z.int() }))
        .describe('The most frequent IDs, highest first.'),
      sample: z.array(z.string()).describe('Up to 200 IDs; each one had the same chance.'),
    }),
  ),
});
export type IdReport = z.output<typeof idReportSchema>;

/** Days with events of a user. */
export const idReport = (days: readonly DaySummary[]): IdReport => ({
  days: days
    .filter(({ summary }) => summary.events > 0)
    .map(({ day, summary }) => ({
      ...{ day, events: summary.events, ids: summary.ids, error: summary.error, sample: summary.sample },
      heaviest: summary.heaviest(mostHeavy).map(([id, events]) => ({ id, events })),
    })),
});

/** The section of `/status`: without ids. */
export interface IdStatus {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly events: number;
  readonly ids: number;
  /** Events of the most frequent id, at least and at most. */
  readonly mostOfOneId: { readonly atLeast: number; readonly atMost: number };
}

export const idStatus = ({ days }: IdReport): IdStatus[] =>
  days.map(day => {
    const atLeast = day.heaviest[0]?.events ?? 0;
    return {
      ...{ day: day.day, events: day.events, ids: day.ids },
      mostOfOneId: { atLeast, atMost: Math.min(day.events, atLeast + day.error) },
    };
  });
