import { z } from 'zod';

const texts = z.array(z.string()).readonly();

/** What is kept of a campaign or Canvas: of its row, and of the rows of its messages and steps. */
export const entrySchema = z.object({
  kind: z.enum(['campaign', 'canvas']),
  id: z.string(),
  name: z.string(),
  tags: texts,
  /** When the details were read: as in the list, and in milliseconds since 1970. */
  lastEdited: z.string().nullable(),
  detailsAt: z.number(),
  archived: z.boolean(),
  channels: texts,
  /** Names of message variations, or of the variants of a Canvas. */
  variations: texts,
  /** ISO 8601, to the hour. */
  firstSent: z.string().nullable(),
  lastSent: z.string().nullable(),
  /** By message variation ID, removed ones among them. */
  messages: z.record(z.string(), z.object({ name: z.string(), channel: z.string() })),
  /** By step ID, removed ones among them. */
  steps: z.record(z.string(), z.object({ name: z.string(), channels: texts, variations: texts })),
});
export type Entry = z.output<typeof entrySchema>;

/** A campaign or Canvas in a list of Braze. */
export interface Listed extends Pick<Entry, 'id' | 'name' | 'tags'> {
  readonly last_edited?: string | null | undefined;
}

/** What its details add. */
export type Details = Omit<Entry, keyof Listed | 'kind' | 'lastEdited' | 'detailsAt'>;

/** Key of an entry in storage. */
export const keyOf = ({ kind, id }: Pick<Entry, 'kind' | 'id'>): string => `${kind} ${id}`;

/** The entry with name and tags of the list; the entry itself where they are the same. */
export function withNames(entry: Entry, { name, tags }: Listed): Entry {
  const isSame = entry.name === name && JSON.stringify(entry.tags) === JSON.stringify(tags);
  return isSame ? entry : { ...entry, name, tags };
}

/** The entry with new details. Removed messages and steps stay: past events have their IDs. */
export function withDetails(
  known: Entry | undefined,
  { id, name, tags, last_edited }: Listed,
  details: Details & Pick<Entry, 'kind'>,
  now: number,
): Entry {
  return {
    ...details,
    ...{ id, name, tags, lastEdited: last_edited ?? null, detailsAt: now },
    messages: { ...known?.messages, ...details.messages },
    steps: { ...known?.steps, ...details.steps },
  };
}

const dayMs = 86_400_000;

/**
 * Whether the details must be read: they were not, the list shows a change, or they are a day old, since the list
 * lacks the time of the last sending. Archived ones send nothing: theirs may be a week old.
 */
export function needsDetails(known: Entry | undefined, { last_edited }: Listed, now: number): boolean {
  if (known === undefined || known.lastEdited !== (last_edited ?? null)) return true;
  const age = now - known.detailsAt;
  return age < 0 || age >= (known.archived ? 7 * dayMs : dayMs);
}
