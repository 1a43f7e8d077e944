/** How a message is identified: by its campaign, by its Canvas, or by one send of an API campaign. */
export type MessageKind = 'campaign' | 'canvas' | 'send';

/** IDs of an event. */
export interface MessageIds {
  readonly campaignId?: string | undefined;
  readonly canvasId?: string | undefined;
  readonly sendId?: string | undefined;
}

/** Events of one name of a message. */
export interface MessageCount {
  readonly of: MessageKind;
  readonly id: string;
  readonly event: string;
  /** Of a send: the campaign of its first event. */
  readonly campaignId: string | undefined;
  raw: number;
  unique: number;
}

/** Most counts of a kind, about 200 bytes each. */
const mostCounts = 20_000;

/** Counts events by campaign, Canvas, send and name, in bounded memory. */
export class MessageTally {
  readonly #counts: Readonly<Record<MessageKind, Map<string, Map<string, MessageCount>>>> = {
    ...{ campaign: new Map(), canvas: new Map(), send: new Map() },
  };
  readonly #sizes = { campaign: 0, canvas: 0, send: 0 };
  readonly #full = new Set<MessageKind>();

  add(event: string, { campaignId, canvasId, sendId }: MessageIds, isUnique = true): void {
    if (campaignId !== undefined) this.#add('campaign', campaignId, event, campaignId, isUnique);
    if (canvasId !== undefined) this.#add('canvas', canvasId, event, campaignId, isUnique);
    if (sendId !== undefined) this.#add('send', sendId, event, campaignId, isUnique);
  }

  /** Whether counts of a kind are missing, since there are too many; those that there are have every event. */
  isFull(kind: MessageKind): boolean {
    return this.#full.has(kind);
  }

  of(kind: MessageKind, id: string, event: string): MessageCount | undefined {
    return this.#counts[kind].get(id)?.get(event);
  }

  *counts(): Generator<MessageCount> {
    for (const kind of Object.values(this.#counts))
      for (const events of kind.values()) yield* events.values();
  }

  #add(of: MessageKind, id: string, event: string, campaignId: string | undefined, isUnique: boolean): void {
    const count = this.of(of, id, event) ?? this.#new({ of, id, event, campaignId, raw: 0, unique: 0 });
    if (count === undefined) return;
    count.raw += 1;
    if (isUnique) count.unique += 1;
  }

  #new(count: MessageCount): MessageCount | undefined {
    if (this.#sizes[count.of] === mostCounts) {
      this.#full.add(count.of);
      return undefined;
    }
    this.#sizes[count.of] += 1;
    const kind = this.#counts[count.of];
    const events = kind.get(count.id) ?? new Map<string, MessageCount>();
    events.set(count.event, count);
    kind.set(count.id, events);
    return count;
  }
}
