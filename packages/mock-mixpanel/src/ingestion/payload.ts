import { joinSurrogates } from '@braze-mixpanel/core/http';
import type { SimRequest } from '@braze-mixpanel/simulator-kit';
import { type Batch, batchOf, rowsOf, unpack } from '../import/read-batch.ts';

/**
 * The payload of a request to an ingestion endpoint, independent of its format:
 *
 * - `json`: a body of JSON or NDJSON, as servers send it;
 * - `form`: `data=` in the query of a GET or in a form, as JSON text or as Base64 of it, as the client
 *   libraries send it.
 *
 * Either may be compressed. A body that starts like JSON is read as JSON, whatever its content type, since
 * `curl -d` sends that of a form.
 *
 * Source: Mixpanel's client libraries (npm `mixpanel` sends GET and Base64 forms, Python `mixpanel` forms of
 * plain JSON).
 */
export type Payload =
  | {
      readonly kind: 'rows';
      readonly encoding: 'json' | 'form';
      /** `undefined` if the text is not JSON. */
      readonly rows: readonly unknown[] | undefined;
      /** Length after decompression, in bytes. */
      readonly bytes: number;
      /** The query, merged with the fields of a form other than `data`. */
      readonly parameters: URLSearchParams;
      readonly batch: Batch;
    }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable'; readonly why: string };

export async function readPayload(request: SimRequest, limit: number): Promise<Payload> {
  const batch = batchOf(request);
  if (typeof batch === 'string') return { kind: 'unreadable', why: batch };
  const unpacked = await unpack(batch, limit);
  if (unpacked.kind !== 'text') return unpacked;
  const { text, bytes } = unpacked;
  if (request.method !== 'GET' && !looksLikeForm(text)) {
    const rows = rowsOf(text, batch.format);
    return { kind: 'rows', encoding: 'json', rows, bytes, parameters: request.query, batch };
  }
  const parameters = new URLSearchParams([...request.query, ...fieldsOf(text)]);
  const rows = rowsOf(plainTextOf(parameters.get('data') ?? ''), 'json');
  return { kind: 'rows', encoding: 'form', rows, bytes, parameters, batch };
}

function looksLikeForm(text: string): boolean {
  return /^[a-z_]+=/i.test(text);
}

/** A high and a low surrogate half of three bytes each, percent-encoded. */
const escapedHalves = /%ED%A[\dA-F]%[89AB][\dA-F]%ED%B[\dA-F]%[89AB][\dA-F]/gi;

/** The fields of a form. Halves of a character are joined before they are decoded, which would destroy them. */
function fieldsOf(form: string): URLSearchParams {
  const joined = form.replace(escapedHalves, halves =>
    encodeURIComponent(textOf(Buffer.from(halves.replaceAll('%', ''), 'hex'))),
  );
  return new URLSearchParams(joined);
}

/** The JSON text of a parameter, plain or in Base64. An unescaped `+` arrives as a space, and is restored. */
function plainTextOf(data: string): string {
  if (/^\s*[[{]/.test(data)) return data;
  return textOf(Buffer.from(data.replaceAll(' ', '+'), 'base64'));
}

/** The browser SDK writes characters beyond U+FFFF as two surrogate halves. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(joinSurrogates(bytes));
}
