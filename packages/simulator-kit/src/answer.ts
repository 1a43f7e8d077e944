import type { SimAnswer } from './types.ts';

/** A complete HTTP answer: status, headers and body. */
export type Respond = Extract<SimAnswer, { kind: 'respond' }>;

/**
 * An HTTP answer. Text and bytes are sent unchanged, a stream chunk by chunk, any other value as JSON.
 *
 * @param more headers, and the vendor rule behind the answer (shown in the journal).
 * @example
 * ```ts
 * import { respond } from '@braze-mixpanel/simulator-kit';
 *
 * console.log(respond(429, { error: 'slow down' }, { rule: 'rate limit' }).status); // 429
 * ```
 */
export function respond(
  status: number,
  body?: unknown,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly rule?: string } = {},
): Respond {
  return { kind: 'respond', status, body, ...more };
}

/** The wire form of an answer: header names in lower case, the body as bytes or a stream of bytes. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

const encoder = new TextEncoder();

/** Wire forms by answer: the journal and the transport need the same one. */
const wires = new WeakMap<Respond, WireAnswer>();

export function toWire(answer: Respond): WireAnswer {
  const wire = wires.get(answer) ?? wireOf(answer);
  wires.set(answer, wire);
  return wire;
}

function wireOf(answer: Respond): WireAnswer {
  const { body, status } = answer;
  const headers = Object.fromEntries(
    Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (body === undefined || body === null) return { status, headers, body: new Uint8Array() };
  if (body instanceof ReadableStream) return { status, headers, body };
  if (body instanceof Uint8Array) return { status, headers, body: ownBuffer(body) };
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'content-type': type, ...headers }, body: encoder.encode(text) };
}

/** The wire form with a buffered body, for faults that truncate or replace it. */
export async function wholeBody(wire: WireAnswer): Promise<Uint8Array<ArrayBuffer>> {
  if (wire.body instanceof Uint8Array) return wire.body;
  return new Uint8Array(await new Response(wire.body).arrayBuffer());
}

/** The bytes in a buffer that no other thread shares; copied only where one could. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
