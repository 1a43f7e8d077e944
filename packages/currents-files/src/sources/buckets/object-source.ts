import { Readable } from 'node:stream';
import { type FileSource, SourceError, type SourceFile } from '../file-source.ts';
import type { BucketAddress } from './bucket-address.ts';
import { listError, objectError } from './object-error.ts';
import type { ObjectStore } from './object-store.ts';
import { inTime, withPatience } from './with-patience.ts';

/** Longest wait for a page or for the next bytes, with the client's own retries, in milliseconds. */
const defaultPatienceMs = 120_000;

/**
 * The objects of a bucket whose keys begin with a prefix. As in a folder, hidden ones are left out (a part of
 * the path begins with `.`), and so are the markers of empty folders. Memory does not grow with the bucket:
 * one page is held at a time.
 */
export function objectSource(
  at: BucketAddress,
  store: ObjectStore,
  patienceMs = defaultPatienceMs,
): FileSource {
  const late = (what: string) => () =>
    new SourceError('unavailable', `${what}: nothing was received for ${patienceMs / 1_000} seconds.`);

  async function* list(after?: string): AsyncGenerator<SourceFile> {
    const abort = new AbortController();
    const { prefix } = at;
    try {
      const pages = store.list(prefix, after === undefined ? undefined : prefix + after, abort.signal);
      for await (const page of withPatience(pages, patienceMs, late(at.address)))
        for (const { key, ...facts } of page) {
          const path = key.slice(prefix.length);
          if (isFile(path) && (after === undefined || mayFollow(path, after))) yield { path, ...facts };
        }
    } catch (error) {
      throw listError(error, store, at);
    } finally {
      abort.abort();
    }
  }

  async function* bytesOf(path: string, from: number, version?: string): AsyncGenerator<Uint8Array> {
    const abort = new AbortController();
    const object = `${at.address}/${path}`;
    try {
      const opening = store.open(at.prefix + path, from, version, abort.signal);
      const { body, length } = await inTime(opening, patienceMs, late(object));
      // After the last byte is wanted, a stream may still fail, for example because it is aborted.
      if (body instanceof Readable) body.on('error', () => undefined);
      let received = 0;
      for await (const bytes of withPatience(body, patienceMs, late(object))) {
        received += bytes.length;
        yield bytes;
      }
      if (length !== undefined && received < length) throw cutOff(object, received, length);
    } catch (error) {
      const fault = objectError(error, store, at, object);
      if (fault !== undefined) throw fault;
    } finally {
      abort.abort();
    }
  }

  return {
    address: at.address,
    list,
    file: (path, version) => ({ path, open: from => bytesOf(path, from, version) }),
  };
}

const isFile = (path: string): boolean => !path.endsWith('/') && !/(?:^|\/)\./.test(path);

/**
 * Whether a path may stand behind another one. Vendors list by the bytes of the key, Azure's hierarchical
 * namespaces folder by folder; a path is left out only where it precedes in both orders.
 */
const mayFollow = (path: string, after: string): boolean =>
  Buffer.compare(Buffer.from(path), Buffer.from(after)) > 0 || followsByFolder(path, after);

function followsByFolder(path: string, after: string): boolean {
  const others = after.split('/');
  for (const [index, part] of path.split('/').entries()) {
    const other = others[index];
    if (other === undefined) return true;
    if (part !== other) return Buffer.compare(Buffer.from(part), Buffer.from(other)) > 0;
  }
  return false;
}

const cutOff = (object: string, received: number, length: number): SourceError =>
  new SourceError('unavailable', `${object} was cut off after ${received} of ${length} bytes.`);
