/** The lists of campaigns and of Canvases. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';
import { flag, moment, ParameterError, requiredText, wholeNumber, word } from './parameters.ts';
import { type Entry, mostEntries, type Registry } from './registry.ts';

/** Entries on a page. */
const pageSize = 100;

/** A page of the entries that the parameters select, in order of creation. @throws ParameterError */
export function listed<Item extends Entry>(registry: Registry<Item>, query: URLSearchParams): Item[] {
  const page = wholeNumber(query, 'page', [0, Number.MAX_SAFE_INTEGER], 0);
  const archived = flag(query, 'include_archived');
  const direction = word(query, 'sort_direction', ['asc', 'desc']);
  const after = moment(query, 'last_edit.time[gt]') ?? Number.NEGATIVE_INFINITY;
  const selected = registry
    .all()
    .filter(item => !item.deleted && (archived || !item.archived) && item.updatedAt > after);
  if (direction === 'desc') selected.reverse();
  return selected.slice(page * pageSize, (page + 1) * pageSize);
}

/** Lists that may lack entries, since only the first IDs of events are kept. */
export const cutLists = ['campaigns', 'canvases'] as const;
export type CutList = (typeof cutLists)[number];

/** The message of a list: that of Braze, or else that the list is not complete. */
export const messageOf = (list: CutList, { isCut }: Pick<Registry<Entry>, 'isCut'>): string =>
  isCut
    ? `mock-braze keeps the first ${mostEntries.toLocaleString('en-US')} IDs of events: this list of ${list} lacks others. POST /_sim/reset, and emit events of fewer`
    : 'success';

/** The entry that `campaign_id` or `canvas_id` names. @throws ParameterError without one, or if it is unknown or deleted. */
export function entryOf<Item extends Entry>(
  registry: Registry<Item>,
  query: URLSearchParams,
  kind: 'Campaign' | 'Canvas',
): Item {
  const name = kind.toLowerCase();
  const id = requiredText(query, `${name}_id`, `${name}_id must be a string of the ${name} api identifier`);
  const entry = registry.get(id);
  if (entry) return entry;
  throw new ParameterError(`Invalid ${kind} ID`);
}

/** ISO 8601, to the second. */
export function isoTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** ISO 8601, to the hour, as the documents give the first and the last time of sending; null without one. */
export function isoHour(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : isoTime(Math.floor(milliseconds / 3_600_000) * 3_600_000);
}

/** What the details of campaigns and of Canvases have in common. */
export function detailsOf(entry: Entry) {
  return {
    created_at: isoTime(entry.createdAt),
    updated_at: isoTime(entry.updatedAt),
    name: entry.name,
    description: entry.description,
    archived: entry.archived,
    draft: false,
    enabled: entry.enabled && !entry.archived,
    has_post_launch_draft: false,
    schedule_type: 'time_based',
    tags: entry.tags,
    teams: [],
  };
}

export const listRules: Route['rules'] = [
  ...rulesFrom.exportLists(
    '100 on a page, `page` counts from 0; by time of creation, the oldest first unless `sort_direction` is desc',
    'archived ones only with `include_archived`',
    '`last_edit.time[gt]` selects those that were edited later',
  ),
  ...rulesFrom.choice(
    'a campaign or Canvas exists since the first event with its ID, which holds for 1,000 of each, or since the control API made it',
    'the `message` of a list is `success`, or says that events had more IDs than are kept',
    'a deleted one is unknown: Braze can archive campaigns and Canvases, but has no deletion',
  ),
];

export const unknownIdRule = rulesFrom.choice(
  '400 `Invalid Campaign ID` for an unknown campaign, `Invalid Canvas ID` for an unknown Canvas',
);

export const sharedLimit = rulesFrom.rateLimits(
  '250,000 requests an hour, shared by lists, details and series of campaigns, Canvases, sends and events, then 429 (off until enabled)',
);
