import type { Journal } from '@braze-mixpanel/storage';
import type { CodeOf } from '../../errors/catalogue.ts';
import { readEnvelope } from './envelope.ts';

/** Where accepted batches go, and who hears of them. */
export interface IngestTarget {
  readonly connection: string;
  /** JSON text of the mapping options, stored with every batch. */
  readonly mappingOptions: string;
  /** Events of one body at most. */
  readonly maxEvents: number;
  readonly journal: Pick<Journal, 'append'>;
  /** Takes fields out of a body that are never to be stored. */
  readonly redact: ((body: Uint8Array) => Uint8Array) | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called after each commit: there is something to deliver, of so many bytes. */
  readonly onAccepted: (bytes: number) => void;
}

export type Acceptance =
  | { kind: 'accepted'; events: number }
  | { kind: 'refused'; code: CodeOf<'ingest'> }
  /** The batch is not on disk; `cause` says why. */
  | { kind: 'not_stored'; cause: unknown };

/**
 * Takes one inbound body: judges its envelope and makes it durable in one journal row, as it came but for
 * redacted fields. `accepted` is said after the
 * commit and never before; a batch that is not `accepted` is not there. A crash in between leaves the batch stored and
 * unacknowledged: Braze sends it again, and Mixpanel recognises its events.
 */
export async function accept(body: Uint8Array, target: IngestTarget): Promise<Acceptance> {
  const envelope = readEnvelope(body, target.maxEvents);
  if (envelope.kind === 'refused') return envelope;
  if (envelope.kind === 'probe') return { kind: 'accepted', events: 0 };
  const { connection, mappingOptions, journal, redact, now, onAccepted } = target;
  const stored = redact === undefined ? body : redact(body);
  const bytes = stored.byteLength;
  try {
    await journal.append({
      connection,
      profile: mappingOptions,
      receivedAt: now(),
      events: envelope.events,
      body: stored,
    });
  } catch (cause) {
    return { kind: 'not_stored', cause };
  }
  onAccepted(bytes);
  return { kind: 'accepted', events: envelope.events };
}
