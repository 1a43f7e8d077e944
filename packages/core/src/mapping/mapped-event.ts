import { importLimits } from '../mixpanel/limits.ts';
import type { ImportEvent } from '../mixpanel/types.ts';
import { utf8Length } from '../mixpanel/utf8-length.ts';
import { dead } from './envelope.ts';
import type { JsonObject } from './json-object.ts';
import { inOnePiece } from './json-text.ts';
import type { NoteTaker } from './notes.ts';
import type { EventHead, PropertyWriter } from './property-writer.ts';
import type { MappedResult, MappingNotes, MappingResult } from './types.ts';
import { mayHoldLoneSurrogates, wellFormed } from './well-formed.ts';

/** Mapped event as its JSON text; the object is parsed from it when it is read. */
class MappedEvent implements MappedResult {
  readonly outcome = 'mapped';
  readonly name: string;
  readonly time: number;
  readonly distinctId: string;
  readonly insertId: string;
  readonly json: string;
  readonly bytes: number;
  readonly notes: MappingNotes | undefined;

  constructor(head: EventHead, name: string, json: string, bytes: number, notes: MappingNotes | undefined) {
    this.name = name;
    this.time = head.time;
    this.distinctId = head.distinctId;
    this.insertId = head.insertId;
    this.json = json;
    this.bytes = bytes;
    this.notes = notes;
  }

  get event(): ImportEvent {
    return JSON.parse(this.json) as ImportEvent;
  }
}

/**
 * The outcome of a written event: replaces lone surrogates and checks the size.
 *
 * The text of the rare event that an object would have in another order, or that has lone surrogates, comes
 * from an object of its properties. That object is not parsed from the text: `JSON.parse` of V8 13.6 (Node
 * 24.21, tried on 26 November 2026) can take a key that begins with an escape for a backslash, such as
 * `{"\u4e2d":1}` after `{"\\":1}`.
 *
 * @param propertiesOf gives the properties as an object
 */
export function finished(
  head: EventHead,
  writer: PropertyWriter,
  propertiesOf: () => JsonObject | undefined,
  notes: NoteTaker,
): MappingResult {
  let json = inOnePiece(writer.finish());
  let { name } = head;
  if (writer.hasIndexes || (!writer.isPlain && mayHoldLoneSurrogates(json))) {
    const event = { event: name, properties: propertiesOf() };
    json = JSON.stringify(event);
    const repaired = JSON.stringify(wellFormed(event));
    if (repaired !== json) {
      json = repaired;
      name = name.toWellFormed();
      notes.taken.textRepaired = true;
    }
  }
  const bytes = writer.isPlain ? json.length : utf8Length(json);
  if (bytes >= importLimits.eventBytesBelow) {
    const detail = `the event has ${bytes} bytes, Mixpanel accepts fewer than ${importLimits.eventBytesBelow}`;
    return dead('too_large', detail);
  }
  return new MappedEvent(head, name, json, bytes, notes.notes);
}
