/**
 * Maximum of JSON values in one body: 10,000 events of 25 values each, or a hundred, as Braze sends them, of
 * 2,500. Different property names cost most: parsing as many of them takes about half a second and 100 MB.
 */
export const mostValues = 250_000;

/** Bytes up to which a body cannot have more than `mostValues`, since a value has two bytes or more. */
const harmlessBytes = 2 * mostValues;

/**
 * Whether JSON has so many values, nested or side by side, that parsing it would need much more memory than
 * its bytes. Nothing is parsed or kept: commas and openings outside texts are counted, until there are too
 * many. A body of the usual size is not even scanned.
 */
export function hasTooManyValues(json: Uint8Array): boolean {
  return json.byteLength > harmlessBytes && countValues(json, mostValues) > mostValues;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openList = 0x5b;
const openObject = 0x7b;

/** Values of a JSON text, at most one above `most`; an arbitrary number for bytes that are not JSON. */
function countValues(json: Uint8Array, most: number): number {
  let values = 1;
  let inText = false;
  for (let at = 0; at < json.length && values <= most; at += 1) {
    const byte = json[at];
    if (byte === quote) inText = !inText;
    else if (inText) at += byte === backslash ? 1 : 0;
    else if (byte === comma || byte === openList || byte === openObject) values += 1;
  }
  return values;
}
