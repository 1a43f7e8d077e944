import type { Answer } from '@braze-mixpanel/simulator-kit';

/** One request to the endpoint. */
export interface Attempt {
  readonly eventType: string;
  readonly events: number;
  readonly status?: number;
  /** The reason why there was no answer. */
  readonly error?: string;
}

export function attemptOf(eventType: string, events: number, answer: Answer): Attempt {
  return 'status' in answer
    ? { eventType, events, status: answer.status }
    : { eventType, events, error: answer.error };
}
