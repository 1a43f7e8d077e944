import type { BatchOutcome, LeaseRequest, NewBatch, NewDeadLetter } from '../ports/index.ts';

/** One hour in milliseconds. */
export const HOUR = 3_600_000;

/** UTF-8 bytes in a buffer of their own, which `append` may transfer. */
export const bytesOf = (text: string): Uint8Array => new Uint8Array(new TextEncoder().encode(text));
/** The text of a body. */
export const textOf = (body: Uint8Array): string => new TextDecoder().decode(body);

/** A batch with this body and one event, of the connection `default` unless overridden. */
export function batchOf(text: string, overrides: Partial<NewBatch> = {}): NewBatch {
  return {
    connection: 'default',
    receivedAt: 1_700_000_000_000,
    events: 1,
    body: bytesOf(text),
    profile: '{"generation":"2022-06"}',
    ...overrides,
  };
}

/** A lease of everything there is that is not held, for an hour. */
export const wholeQueue: LeaseRequest = {
  connection: 'default',
  owner: 'deliverer-1',
  leaseMs: HOUR,
  maxRows: 1_000,
  maxEvents: 1_000_000,
  maxBytes: 1_000_000_000,
  alone: false,
  now: 0,
};

/** The outcome of a batch whose every event was imported. */
export function imported({ id, events }: { id: number; events: number }): BatchOutcome {
  return { id, imported: events, skipped: {}, deadLetters: [], notes: {}, days: [] };
}

/** A dead letter with the reason `too_deep` unless overridden. */
export function deadLetter(overrides: Partial<NewDeadLetter>): NewDeadLetter {
  return {
    reason: 'too_deep',
    detail: '',
    eventType: undefined,
    insertId: undefined,
    original: '{}',
    mapped: undefined,
    ...overrides,
  };
}
