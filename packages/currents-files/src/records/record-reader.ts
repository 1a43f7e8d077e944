import type { Buffer } from 'node:buffer';
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import avro, { type Type, type types } from 'avsc';
import { type ToEvent, toEvent } from './event-of-record.ts';
import { schemaEventType } from './event-type.ts';

/** Reader of records of one schema. */
export interface RecordReader {
  readonly eventType: string;
  /**
   * Whether the bytes are exactly so many records. Only then are they read, since a damaged block may hold
   * records that look well-formed.
   */
  isWhole(data: Buffer, records: number): boolean;
  /** Reads up to `most` records from a position, and no more after about 1 MB of them. */
  read(data: Buffer, position: number, most: number): { events: CurrentsEvent[]; next: number };
}

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
    isWhole(data, records) {
      let position = 0;
      for (let record = 0; record < records; record++) {
        position = decoded(() => empty.decode(data, position, skip)).offset;
        if (position < 0) return false;
      }
      return position === data.length;
    },
    read(data, position, most) {
      const events: CurrentsEvent[] = [];
      let next = position;
      while (events.length < most && next < data.length && next - position < mostBytes) {
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
