import { createWriteStream } from 'node:fs';
import { link, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import {
  type CatalogueEntry,
  type CurrentsEvent,
  catalogue2026_07,
  customHttpEntries,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';

/** Exported files of the benchmark, and the same events as JSON. */
export interface ExportedFiles {
  readonly folder: string;
  /** Paths of files that differ; the others are copies of them under other hours. */
  readonly distinct: readonly string[];
  /** Events of all files, and of those that differ. */
  readonly events: number;
  readonly distinctEvents: number;
  /** Bytes of all files. */
  readonly bytes: number;
  /** The distinct events as Mixpanel's import receives them, one JSON object a line. */
  readonly ndjson: string;
}

/** Events of a file; a tenth of them differ, since making samples takes longer than all that is measured. */
const eventsPerFile = 5_000;
const repeated = 10;

/** The event types that both Custom HTTP and files carry, and that become an event of Mixpanel. */
export const backfilledEntries = (): CatalogueEntry[] =>
  customHttpEntries(catalogue2026_07).filter(entry => !entry.retired && isMapped(entry));

const isMapped = (entry: CatalogueEntry): boolean =>
  mapEvent(eventOf(entry, 1, seededRandom(1)), { catalogueVersion: catalogue2026_07 }, Date.now()).outcome ===
  'mapped';

/** The same for the same number and seed. */
const eventOf = (entry: CatalogueEntry, number: number, random: () => number) =>
  sampleEvent(entry, { random, time: 1_767_225_600 + number, externalUserId: `customer-${number % 10_000}` });

/** Writes at least `events` events as deflated Avro files, one file per type and hour. */
export async function writeExportedFiles(folder: string, events: number): Promise<ExportedFiles> {
  const entries = backfilledEntries();
  const random = seededRandom(1);
  const distinct: string[] = [];
  let bytes = 0;
  const ndjson = join(folder, 'events.ndjson');
  const lines = createWriteStream(ndjson);
  const root = join(folder, 'files');
  for (const [index, entry] of entries.entries()) {
    const sampled = Array.from({ length: eventsPerFile / repeated }, (_, number) =>
      eventOf(entry, index * eventsPerFile + number, random),
    );
    const own = Array.from({ length: repeated }, () => sampled).flat();
    const path = pathOf(entry.eventType, 0);
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), await writeCurrentsFile(entry.eventType, own, { codec: 'deflate' }));
    distinct.push(path);
    bytes += (await stat(join(root, path))).size;
    for (let copy = 0; copy < repeated; copy += 1) lines.write(importLines(sampled));
  }
  lines.end();
  await finished(lines);
  const distinctEvents = entries.length * eventsPerFile;
  const copies = Math.max(1, Math.ceil(events / distinctEvents));
  for (let hour = 1; hour < copies; hour += 1)
    for (const { eventType } of entries) {
      const path = join(root, pathOf(eventType, hour));
      await mkdir(dirname(path), { recursive: true });
      await link(join(root, pathOf(eventType, 0)), path);
    }
  return {
    folder: root,
    distinct,
    events: copies * distinctEvents,
    distinctEvents,
    bytes: bytes * copies,
    ndjson,
  };
}

/** Mapped events as Mixpanel's import receives them, one a line. */
const importLines = (events: readonly CurrentsEvent[]): string =>
  events
    .map(event => mapEvent(event, { catalogueVersion: catalogue2026_07 }, Date.now()))
    .map(mapped => (mapped.outcome === 'mapped' ? `${mapped.json}\n` : ''))
    .join('');

/** Path as Braze writes it. @param hour hours since the start of 2026 */
function pathOf(eventType: string, hour: number): string {
  const date = new Date(Date.UTC(2026, 0, 1, hour)).toISOString().slice(0, 13).replace('T', '-');
  return `event_type=${eventType}/date=${date}/version=10/prod-01/file.avro`;
}
