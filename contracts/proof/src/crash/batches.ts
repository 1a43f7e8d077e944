import { catalogue2022_06, sampleEvent } from '@braze-mixpanel/core/currents';

/** The expected outcome of an event, however often it was sent. */
type Fate = 'imported' | 'skipped' | 'dead';

interface SentEvent {
  readonly id: string;
  readonly fate: Fate;
}

/** A body of the load, sent until it was acknowledged. */
export interface SentBatch {
  readonly body: Buffer;
  readonly events: readonly SentEvent[];
}

/** Batches of 1 to `most` events: all event types, some without a known user, some of an unknown type. */
export function batches(random: () => number, most: number): () => SentBatch {
  const { entries } = catalogue2022_06;
  let made = 0;
  const event = () => {
    made += 1;
    const chance = random();
    const fate: Fate = chance < 0.03 ? 'skipped' : chance < 0.05 ? 'dead' : 'imported';
    const sample = sampleEvent(entries[made % entries.length]!, {
      random,
      id: `event-${made}`,
      time: 1_767_225_600 + made,
      externalUserId: fate === 'skipped' ? null : `customer-${made % 1_000}`,
    });
    const sent = fate === 'dead' ? { ...sample, event_type: 'users.of.TheFuture' } : sample;
    return { sent, event: { id: sample.id, fate } };
  };
  return () => {
    const made = Array.from({ length: 1 + Math.floor(random() * most) }, event);
    return {
      body: Buffer.from(JSON.stringify({ events: made.map(({ sent }) => sent) })),
      events: made.map(each => each.event),
    };
  };
}
