/** A request to a simulator, and the answer that the vendor's sources give. */
export interface Exchange {
  /** Default: POST. */
  readonly method?: 'DELETE' | 'GET' | 'OPTIONS' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  /** Status of the answer; the default is 200. */
  readonly status?: number;
  /** The answer: a whole text or number, or a part of a JSON object. */
  readonly answer?: unknown;
  /** Headers of the answer. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
}

/** One row of the table: requests in order to a new simulator. */
export interface VendorCase {
  readonly title: string;
  /** ID of the route or behaviour of the simulator's coverage that has the rule. */
  readonly route: string;
  /** Part of the citation of one of the rules of this route. */
  readonly source: string;
  readonly exchanges: readonly Exchange[];
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body if it is JSON or lines of JSON, otherwise its text. */
  readonly body: unknown;
}

/** Sends one request of a case. */
export async function ask(url: string, exchange: Exchange): Promise<Answer> {
  const { method = 'POST', path, headers = {}, body } = exchange;
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url + path, {
    method,
    headers: { ...(!raw && body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: raw ? new Blob([body]) : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text.trim()) };
}

/** JSON, the list of several lines of JSON, or the text itself. */
function parsed(text: string): unknown {
  for (const json of [text, `[${text.replaceAll('\n', ',')}]`])
    try {
      return JSON.parse(json);
    } catch {}
  return text;
}
