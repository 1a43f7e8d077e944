import { isKept, type StoredEvent, settledTime } from './stored-event.ts';

const secondsOfDay = 86_400;

/**
 * Hot shards: events of one distinct ID and day (UTC, by their own time) over a limit are renamed and lose their
 * distinct ID. Duplicates count as well. Source: Mixpanel documentation, "Hot Shard Limits", read 2026-11; its counter is best
 * effort, and whose day it is, is not documented.
 */
export class HotShards {
  readonly #counts = new Map<string, number>();

  /** The rows with those over the limit renamed; the same list where none is. */
  renamed(
    rows: readonly unknown[],
    stays: readonly boolean[],
    receivedAt: number,
    limit: number,
  ): readonly unknown[] {
    let isOver = false;
    const renamed = rows.map((row, index) => {
      if (stays[index] !== true || !isKept(row)) return row;
      const { distinct_id, time } = row.properties;
      if (distinct_id === '') return row;
      const day = Math.floor(settledTime(time, receivedAt) / secondsOfDay);
      const key = `${day} ${String(distinct_id)}`;
      const count = (this.#counts.get(key) ?? 0) + 1;
      this.#counts.set(key, count);
      if (count <= limit) return row;
      isOver = true;
      return hotShardEvent(row);
    });
    return isOver ? renamed : rows;
  }

  reset(): void {
    this.#counts.clear();
  }
}

const hotShardEvent = ({ event, properties }: StoredEvent): StoredEvent => ({
  event: '$hotshard_events',
  properties: {
    ...properties,
    distinct_id: '',
    mp_original_event_name: event,
    mp_original_distinct_id: properties.distinct_id,
  },
});
