import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { bodyOf } from '../events/body/stored-body.ts';

/** A body of the Custom HTTP connector with its number of events. */
export interface BatchText {
  readonly events: number;
  readonly body: Uint8Array;
  /** JSON text of the mapping options under which its events are accepted. */
  readonly profile: string;
}

const maxEvents = 500;
const maxCharacters = 1_000_000;

/** Events as bodies of the Custom HTTP connector: at most 500 events and about 1 MB each, one event at least. */
export function batchTexts(events: readonly CurrentsEvent[], profile: string): BatchText[] {
  const batches: BatchText[] = [];
  let texts: string[] = [];
  let characters = 0;
  const flush = () => {
    if (texts.length === 0) return;
    batches.push({ events: texts.length, body: bodyOf(texts), profile });
    texts = [];
    characters = 0;
  };
  for (const event of events) {
    const text = JSON.stringify(event);
    if (texts.length === maxEvents || characters + text.length > maxCharacters) flush();
    texts.push(text);
    characters += text.length;
  }
  flush();
  return batches;
}
