import type { Buffer } from 'node:buffer';
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import avro, { type Type, type types } from 'avsc';
import { type ToEvent, toEvent } from './event-of-record.ts';
import { schemaEventType } from './event-type.ts';

/** Reader of records of one schema. */
export interface RecordReader {
  readonly eventType: string;
  /**
   * Bytes of the longest record; `undefined` unless the bytes are exactly so many records. Only whole blocks are
   * read, since a damaged one may hold records that look well-formed.
   */
  longest(data: Buffer, records: number): number | undefined;
  /**
   * Reads up to `most` records from a position, and no more after about 1 MB of them.
   *
   * @param isBounded whether records over 4 MB are passed over
   */
  read(
    data: Buffer,
    position: number,
    most: number,
    isBounded: boolean,
  ): { events: CurrentsEvent[]; next: number };
}

/**
 * Longest record that is read, in bytes. Its event needs many times as much memory, and a thread that reaches the
 * bound of its memory in the middle of one allocation ends the whole process. Mixpanel takes events up to 1 MB.
 */
export const longestRecord = 4 * 1024 * 1024;

/** Bytes of records after which reading pauses: their events need several times as much memory. */
const mostBytes = 1024 * 1024;

/** The reader of a schema. @throws Error if the text is no schema of a record. */
export function recordReader(schemaText: string, pathEventType: string | undefined): RecordReader {
  const type = avro.Type.forSchema(JSON.parse(schemaText) as avro.Schema);
  if (!isRecord(type)) throw new Error('The schema is not that of a record.');
  const eventType = pathEventType ?? schemaEventType(type.name ?? '');
  const event: ToEvent = toEvent(eventType, type);
  const empty = avro.Type.forSchema({ type: 'record', name: type.name ?? 'Record', fields: [] });
  const skip = empty.createResolver(type);
  return {
    eventType,
    longest(data, records) {
      let position = 0;
      let longest = 0;
      for (let record = 0; record < records; record++) {
        const next = decoded(() => empty.decode(data, position, skip)).offset;
        if (next < 0) return undefined;
        longest = Math.max(longest, next - position);
        position = next;
      }
      return position === data.length ? longest : undefined;
    },
    read(data, position, most, isBounded) {
      const events: CurrentsEvent[] = [];
      let next = position;
      while (events.length < most && next < data.length && next - position < mostBytes) {
        const end = isBounded ? empty.decode(data, next, skip).offset : next;
        if (end - next > longestRecord) {
          next = end;
          continue;
        }
        const record = type.decode(data, next);
        events.push(event(record.value as Record<string, unknown>));
        next = record.offset;
      }
      return { events, next };
    },
  };
}

const isRecord = (type: Type): type is types.RecordType => type.typeName === 'record';

function decoded(decode: () => { offset: number }): { offset: number } {
  try {
    return decode();
  } catch {
    return { offset: -1 };
  }
}
