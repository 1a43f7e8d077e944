import { z } from 'zod';
import { dryRunTallySchema } from './dry-run-tally.ts';
import { gapsSchema } from './gaps/gaps-report.ts';

/** Faults that a report has in full; the rest are counted, and all are in the log. */
const faultsShown = 100;
const typesShown = 200;
/** Characters of a path, a message and an event type in a report, which is written with every step. */
const longest = { path: 400, message: 600, eventType: 200 };

/** The last look for new files. */
const collectSchema = z.object({
  lookedAt: z.int().describe('Milliseconds since 1970.'),
  problem: z.string().optional().describe('Why not all new files were read.'),
});

/** What a back-fill read so far. */
export const reportSchema = z.object({
  /** Files and bytes of the source, as listed at the start; `null` while that is not known. */
  total: z.object({ files: z.int(), bytes: z.int() }).nullable(),
  files: z.object({
    read: z.int(),
    damaged: z
      .int()
      .default(0)
      .describe('Read except for places that `faults` has; the next back-fill tries these again.'),
    already: z.int().describe('Read by an earlier back-fill and unchanged since.'),
    passedOver: z.int().describe('Without wanted events, by their paths.'),
    unreadable: z.int().describe('Not read at all; `faults` has the reasons.'),
    other: z
      .int()
      .default(0)
      .describe('Of another purpose, such as readme.txt: not Avro, and named neither .avro nor .json.'),
  }),
  bytes: z.int().describe('Bytes of all these files, and of the one that is being read up to here.'),
  events: z.object({
    accepted: z.int().describe('In the queue of the connection, or delivered from it.'),
    notWanted: z.int().describe('Of another time or type than the requested ones.'),
    tooOld: z.int().describe('Older than Mixpanel imports: not accepted.'),
  }),
  byType: z.record(z.string(), z.int()).describe('Accepted events by event type.'),
  faults: z.object({
    count: z.int().describe('Places in files that could not be read.'),
    shown: z.array(
      z.object({
        path: z.string(),
        offset: z.int().describe('Bytes from the start of the file.'),
        message: z.string(),
        records: z.int().optional().describe('Lost events; absent if not known.'),
      }),
    ),
  }),
  /** Only of a dry run. */
  tally: dryRunTallySchema.optional(),
  /** Only of a search for gaps, once the files are counted. */
  gaps: gapsSchema.optional(),
  /** Only of a job that collects new files. */
  collect: collectSchema.optional(),
  /** Of these bytes, those of a file that is not read to its end. */
  partial: z.int(),
  /** Path of the last file that needs no more work. */
  cursor: z.string().optional(),
});
export type BackfillReport = z.output<typeof reportSchema>;
export type Fault = BackfillReport['faults']['shown'][number];

export const emptyReport = (): BackfillReport => ({
  total: null,
  files: { read: 0, damaged: 0, already: 0, passedOver: 0, unreadable: 0, other: 0 },
  bytes: 0,
  partial: 0,
  events: { accepted: 0, notWanted: 0, tooOld: 0 },
  byType: {},
  faults: { count: 0, shown: [] },
});

/** The report that `advance` stored; an empty one before. */
export const parseReport = (text: string): BackfillReport =>
  text === '' ? emptyReport() : reportSchema.parse(JSON.parse(text));

/** Counts a fault, and keeps the first ones with long paths and messages shortened; the log has all in full. */
export function addFault({ faults }: BackfillReport, fault: Fault): void {
  faults.count += 1;
  if (faults.shown.length === faultsShown) return;
  faults.shown.push({
    ...fault,
    path: shortened(fault.path, longest.path),
    message: shortMessage(fault.message),
  });
}

/** A message as a report has it. */
export const shortMessage = (message: string): string => shortened(message, longest.message);

/** A text of at most `most` characters, with an ellipsis for its middle: a path differs at its end. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = Math.floor(most / 2);
  return `${text.slice(0, start).toWellFormed()}…${text.slice(start + 1 - most).toWellFormed()}`;
}

/** Counts accepted events of a type; types beyond the bound are counted together. */
export function addAccepted(report: BackfillReport, eventType: string, count: number): void {
  report.events.accepted += count;
  const name = eventType.slice(0, longest.eventType).toWellFormed();
  const { byType } = report;
  // A key of an object cannot have the name of its prototype.
  const isShown =
    name !== '__proto__' && (Object.hasOwn(byType, name) || Object.keys(byType).length < typesShown);
  const type = isShown ? name : 'other';
  byType[type] = (Object.hasOwn(byType, type) ? byType[type]! : 0) + count;
}
