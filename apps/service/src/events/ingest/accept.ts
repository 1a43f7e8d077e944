import type { Journal } from '@braze-mixpanel/storage';
import type { CodeOf } from '../../errors/catalogue.ts';
import type { AcceptedBatch } from '../delivery/accepted-batches.ts';
import { readEnvelope } from './envelope.ts';

/** The destination of accepted batches, and the callback after each. */
export interface IngestTarget {
  readonly connection: string;
  /** JSON text of the mapping options, stored with every batch. */
  readonly mappingOptions: string;
  /** Maximum of events in one body. */
  readonly maxEvents: number;
  readonly journal: Pick<Journal, 'append'>;
  /** Removes fields from a body that must never be stored. */
  readonly redact: ((body: Uint8Array) => Uint8Array) | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Called after each commit with the batch, whose body is given away, and its events where they are parsed as
   * they are stored.
   */
  readonly onAccepted: (batch: AcceptedBatch, events: unknown[] | undefined) => void;
}

export type Acceptance =
  | { kind: 'accepted'; events: number }
  | { kind: 'refused'; code: CodeOf<'ingest'> }
  /** The batch is not on disk; `cause` is the error of storage. */
  | { kind: 'not_stored'; cause: unknown };

/**
 * Accepts one inbound body: checks its envelope and writes it to one journal row, unchanged except for
 * redacted fields. `accepted` is returned after the commit only, and a batch that is not `accepted` is not
 * stored. A crash in between leaves the batch stored and unacknowledged: Braze sends it again, and Mixpanel
 * recognises its events.
 */
export async function accept(body: Uint8Array, target: IngestTarget): Promise<Acceptance> {
  const envelope = readEnvelope(body, target.maxEvents);
  if (envelope.kind === 'refused') return envelope;
  if (envelope.kind === 'probe') return { kind: 'accepted', events: 0 };
  const { connection, mappingOptions, journal, redact, now, onAccepted } = target;
  const batch = {
    connection,
    profile: mappingOptions,
    receivedAt: now(),
    events: envelope.events.length,
    body: redact === undefined ? body : redact(body),
  };
  try {
    const appended = await journal.append(batch);
    onAccepted({ ...batch, ...appended }, redact === undefined ? envelope.events : undefined);
  } catch (cause) {
    return { kind: 'not_stored', cause };
  }
  return { kind: 'accepted', events: batch.events };
}
