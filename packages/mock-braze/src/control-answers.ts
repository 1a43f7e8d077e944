/** Answers that several routes of this simulator's control API give. */
import type { Respond } from '@braze-mixpanel/simulator-kit';
import { respond, streamOfText } from '@braze-mixpanel/simulator-kit';

/** 404 with the sentence that says where to look. */
export function missing(what: string, id: string, list: string): Respond {
  return respond(404, { error: `There is no ${what} ${id}. GET /_sim/${list} lists them.` });
}

const itemsPerPiece = 10_000;

/** A JSON array in pieces: lists of a million are never whole in memory. */
function* jsonArray(items: Iterable<unknown>): Generator<string> {
  let texts: string[] = [];
  let start = '[';
  for (const item of items) {
    texts.push(JSON.stringify(item));
    if (texts.length < itemsPerPiece) continue;
    yield start + texts.join(',');
    start = ',';
    texts = [];
  }
  yield texts.length > 0 || start === '[' ? `${start}${texts.join(',')}]` : ']';
}

/** An answer with a list of any length. */
export function listed(items: Iterable<unknown>, headers: Record<string, string> = {}): Respond {
  return respond(200, streamOfText(jsonArray(items)), {
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}
