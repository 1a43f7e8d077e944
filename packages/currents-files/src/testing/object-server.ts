import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as all vendors have it. */
export interface ObjectRequest {
  readonly bucket: string;
  /** The object that is read; absent where objects are listed. */
  readonly key?: string;
  readonly prefix: string;
  /** First key of the page, or the one before it. */
  readonly start: string;
  readonly isStartIncluded: boolean;
  /** First byte. */
  readonly from: number;
  /** Only the object of this version is read. */
  readonly version?: string;
}

export interface ServedObject {
  readonly key: string;
  readonly bytes: Buffer;
  readonly version: number;
}

/** How a vendor says it. */
export interface Dialect {
  parse(url: URL, headers: IncomingMessage['headers']): ObjectRequest;
  list(objects: readonly ServedObject[], next: string | undefined): { type: string; body: string };
  headers(object: ServedObject): Record<string, string>;
  error(status: number, code: string): { headers: Record<string, string>; body: string };
  readonly noBucket: string;
  readonly noObject: string;
  readonly changed: { readonly status: number; readonly code: string };
}

/** What goes wrong with a request. */
export type Fault = { readonly status: number; readonly code: string } | 'cut off' | 'stalled' | 'reset';

const pageSize = 2;
export const modifiedAt = Date.UTC(2026, 0, 1);

/** A server of the few requests that a source or a target sends, with one bucket in memory and pages of two objects. */
export class ObjectServer {
  readonly bucket = 'exports';
  readonly #objects = new Map<string, ServedObject>();
  readonly #dialect: Dialect;
  readonly #server: Server;
  #versions = 0;
  /** Requests so far. */
  requests: ObjectRequest[] = [];
  /** Called for each request. */
  faultOf: (request: ObjectRequest, method: string) => Fault | undefined = () => undefined;

  private constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(dialect: Dialect): Promise<ObjectServer> {
    const server = new ObjectServer(dialect);
    await once(server.#server.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Bytes of the objects by key. */
  get objects(): ReadonlyMap<string, Buffer> {
    return new Map(Array.from(this.#objects, ([key, { bytes }]) => [key, bytes]));
  }

  put(key: string, text: string | Buffer): void {
    this.#objects.set(key, { key, bytes: Buffer.from(text), version: ++this.#versions });
  }

  remove(key: string): void {
    this.#objects.delete(key);
  }

  clear(): void {
    this.#objects.clear();
    this.requests = [];
    this.faultOf = () => undefined;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = this.#dialect.parse(new URL(message.url ?? '', this.url), message.headers);
    this.requests.push(request);
    const fault = this.faultOf(request, message.method ?? '');
    if (fault === 'reset') message.socket.destroy();
    else if (typeof fault === 'object') this.#refuse(response, fault.status, fault.code);
    else if (request.bucket !== this.bucket) this.#refuse(response, 404, this.#dialect.noBucket);
    else if (request.key === undefined) this.#list(request, response);
    else if (message.method === 'PUT') this.#write(request.key, await buffer(message), response, fault);
    else this.#read(request.key, request, response, fault);
  }

  /** @param fault after which the object is there and the answer is not */
  #write(key: string, bytes: Buffer, response: ServerResponse, fault?: Fault): void {
    this.put(key, bytes);
    if (fault === 'cut off') response.destroy();
    else if (fault === undefined) response.writeHead(200, { etag: String(this.#versions) }).end();
  }

  #refuse(response: ServerResponse, status: number, code: string): void {
    const { headers, body } = this.#dialect.error(status, code);
    response.writeHead(status, headers).end(body);
  }

  #list({ prefix, start, isStartIncluded }: ObjectRequest, response: ServerResponse): void {
    const isBehind = (key: string) => {
      const order = Buffer.compare(Buffer.from(key), Buffer.from(start));
      return order > 0 || (order === 0 && isStartIncluded);
    };
    const found = [...this.#objects.values()]
      .filter(({ key }) => key.startsWith(prefix) && isBehind(key))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    const next = found.length > pageSize ? found[pageSize - 1]?.key : undefined;
    const { type, body } = this.#dialect.list(found.slice(0, pageSize), next);
    response.writeHead(200, { 'content-type': type }).end(body);
  }

  #read(key: string, { from, version }: ObjectRequest, response: ServerResponse, fault?: Fault): void {
    const object = this.#objects.get(key);
    const { changed } = this.#dialect;
    if (object === undefined) {
      this.#refuse(response, 404, this.#dialect.noObject);
      return;
    }
    if (version !== undefined && version !== String(object.version)) {
      this.#refuse(response, changed.status, changed.code);
      return;
    }
    const { length } = object.bytes;
    if (from > 0 && from >= length) {
      this.#refuse(response, 416, 'InvalidRange');
      return;
    }
    const range = from > 0 ? { 'content-range': `bytes ${from}-${length - 1}/${length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, {
      ...this.#dialect.headers(object),
      ...range,
      'content-length': length - from,
    });
    const bytes = object.bytes.subarray(from);
    if (fault === undefined) response.end(bytes);
    else
      response.write(bytes.subarray(0, bytes.length / 2), () => {
        if (fault === 'cut off') response.destroy();
      });
  }
}
