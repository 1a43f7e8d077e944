/** The answers of `/api/traffic` and of mock Braze about one event. */
import type { Tone } from '../../parts/tone.ts';

/** An event in the list. */
export interface Followed {
  readonly id: string;
  readonly connection: string;
  readonly receivedAt: string;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly name: string;
  readonly user: string | null;
  readonly campaign: string | null;
  readonly insertId: string | null;
  readonly state: string;
  readonly reason: string | null;
}

/** A request of the service with its answer. */
export interface KeptRequest {
  readonly number: number;
  readonly at: string;
  readonly durationMs: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number | null;
  readonly answer: string;
  readonly body: string;
  readonly events: number;
}

export interface AppliedRule {
  readonly rules: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
}

/** An event of Mixpanel: as the service sends it, or as Mixpanel stores it. */
export interface MixpanelEvent {
  readonly event: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface FollowedEvent extends Followed {
  readonly original: unknown;
  readonly mapped: MixpanelEvent | null;
  readonly rules: readonly AppliedRule[];
  readonly batch: {
    readonly id: number;
    readonly events: number;
    readonly bytes: number;
    readonly index: number;
    readonly options: string;
  };
  readonly requests: readonly KeptRequest[];
}

/** A request that a Current of mock Braze sent. */
export interface Delivery {
  readonly number: number;
  readonly at: string;
  readonly current: string;
  readonly events: number;
  readonly url: string;
  readonly status?: number;
  readonly error?: string;
}

const states: Readonly<Record<string, readonly [tone: Tone, text: string]>> = {
  imported: ['good', 'In Mixpanel'],
  waiting: ['busy', 'Waiting'],
  failing: ['bad', 'Failing, sent again'],
  refused: ['bad', 'Refused by Mixpanel'],
  skipped: ['plain', 'Skipped'],
  dead: ['bad', 'Dead letter'],
  shadow: ['plain', 'Shadow mode'],
  unknown: ['warn', 'Not known any more'],
};

/** What became of an event, in words. */
export const stateOf = ({ state }: Followed): readonly [tone: Tone, text: string] =>
  states[state] ?? ['plain', state];
