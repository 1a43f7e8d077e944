import type { CodeOf } from '../errors.ts';
import type { Journal } from '../storage/types.ts';
import { readEnvelope } from './envelope.ts';

/** Where accepted batches go, and who hears of them. */
export interface Intake {
  readonly connection: string;
  /** JSON text of the mapping options, stored with every batch. */
  readonly profile: string;
  readonly journal: Pick<Journal, 'append'>;
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
 * Takes one inbound body: judges its envelope and makes it durable, as it came, in one journal row. `accepted` is said after the
 * commit and never before; a batch that is not `accepted` is not there. A crash in between leaves the batch stored and
 * unacknowledged: Braze sends it again, and Mixpanel recognises its events.
 */
export async function accept(body: Uint8Array, intake: Intake): Promise<Acceptance> {
  const envelope = readEnvelope(body);
  if (envelope.kind === 'refused') return envelope;
  if (envelope.kind === 'probe') return { kind: 'accepted', events: 0 };
  const { connection, profile, journal, now, onAccepted } = intake;
  const bytes = body.byteLength;
  try {
    await journal.append({ connection, profile, receivedAt: now(), events: envelope.events, body });
  } catch (cause) {
    return { kind: 'not_stored', cause };
  }
  onAccepted(bytes);
  return { kind: 'accepted', events: envelope.events };
}
