import { freeMemory } from './free-memory.ts';

/** The JSON of an event within that of its row. */
export class EventJson {
  /** UTF-8, outside of the memory that the garbage collector moves. */
  readonly row: Buffer;
  /** Index of its first byte. */
  readonly from: number;
  readonly bytes: number;

  constructor(row: Buffer, from: number, bytes: number) {
    this.row = row;
    this.from = from;
    this.bytes = bytes;
  }

  /** The JSON as a text. */
  get json(): string {
    return this.row.toString('utf8', this.from, this.from + this.bytes);
  }
}

/** One mapped event as it is sent. */
export class OutboundEvent extends EventJson {
  /** Index in the batch's `events`. */
  readonly index: number;
  /** Event name in Mixpanel. */
  readonly event: string;
  /** UNIX seconds. */
  readonly time: number;
  readonly insertId: string;
  /** Empty for an event of no user. */
  readonly distinctId: string;

  constructor({ index, event, time, insertId, distinctId, bytes }: MappedText, row: Buffer, from: number) {
    super(row, from, bytes);
    this.index = index;
    this.event = event;
    this.time = time;
    this.insertId = insertId;
    this.distinctId = distinctId;
  }
}

/** A mapped event before its row is complete. `bytes` is the UTF-8 length of its JSON. */
export type MappedText = Omit<OutboundEvent, 'row' | 'from'>;

/**
 * The events of a row with their JSON in one piece of memory, separated by commas as in a request. The garbage
 * collector would copy texts twice until their delivery, and stop the acknowledgements for that.
 */
export function outboundEvents(mapped: readonly MappedText[]): OutboundEvent[] {
  const row = Buffer.from(mapped.map(({ json }) => json).join(','));
  let next = 0;
  return mapped.map(event => {
    const from = next;
    next += event.bytes + 1;
    return new OutboundEvent(event, row, from);
  });
}

/** Frees the JSON of all events of a row, once it is sent. */
export function freeJson([first]: readonly EventJson[]): void {
  if (first !== undefined) freeMemory(first.row);
}

/** The UTF-8 of a JSON array of events, in memory of its own that can be freed. Neighbours are copied at once. */
export function jsonArray(events: readonly EventJson[]): Buffer<ArrayBuffer> {
  const size = events.reduce((sum, { bytes }) => sum + bytes + 1, 1);
  const array = Buffer.allocUnsafeSlow(Math.max(size, '[]'.length));
  let end = array.write('[');
  for (let first = 0; first < events.length; ) {
    const { row, from } = events[first]!;
    let last = first;
    while (follows(events[last + 1], events[last]!)) last += 1;
    if (first > 0) end += array.write(',', end);
    end += row.copy(array, end, from, endOf(events[last]!));
    first = last + 1;
  }
  array.write(']', end);
  return array;
}

const endOf = ({ from, bytes }: EventJson): number => from + bytes;
const follows = (next: EventJson | undefined, before: EventJson): boolean =>
  next?.row === before.row && next.from === endOf(before) + 1;
