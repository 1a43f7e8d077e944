import type { Outcome } from './connector.ts';

/** One request to the endpoint, or one file. */
export interface Attempt {
  readonly eventType: string;
  readonly events: number;
  readonly status?: number;
  /** Path of the written file. */
  readonly file?: string;
  /** The reason why there was no answer, or no file. */
  readonly error?: string;
}

export function attemptOf(eventType: string, events: number, outcome: Outcome): Attempt {
  if ('status' in outcome) return { eventType, events, status: outcome.status };
  return { eventType, events, ...outcome };
}
