/** The files of the page: those of the built package, or in this repository built in memory at the first request. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { filesOf } from './page-builder.ts';

/** A file with its compressed forms. */
export interface PageFile {
  readonly type: string;
  readonly bodies: { readonly identity: Buffer; readonly gzip: Buffer; readonly br: Buffer };
  /** Whether its name has a hash of its content. */
  readonly isHashed: boolean;
}

/** Files by their path, relative to the address of the console. */
export type Page = ReadonlyMap<string, PageFile>;

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

let loading: Promise<Page> | undefined;

/** The page, which is read and compressed once per process. @throws Error if the files are missing or wrong. */
export function loadPage(): Promise<Page> {
  loading ??= readPage().catch(error => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function readPage(): Promise<Page> {
  const files = await rawFiles();
  const compressed = [...files].map(async ([path, body]) => [path, await pageFile(path, body)] as const);
  return new Map(await Promise.all(compressed));
}

async function rawFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = fileURLToPath(new URL('./page/', import.meta.url));
  if (!existsSync(folder)) return buildInMemory();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter(each => each.isFile()).map(each => join(each.parentPath, each.name));
  const read = paths.map(
    async path => [path.slice(folder.length).replaceAll('\\', '/'), await readFile(path)] as const,
  );
  return new Map(await Promise.all(read));
}

/** The page built from its sources, in a thread: the build takes about a second, and sets variables of the environment. */
async function buildInMemory(): Promise<ReadonlyMap<string, Uint8Array>> {
  const builder = new URL('../page/build-thread.ts', import.meta.url);
  if (!existsSync(builder))
    throw new Error(`The page of the console is missing beside ${fileURLToPath(import.meta.url)}.`);
  return filesOf(new Worker(builder, { env: { ...process.env }, execArgv: [] }));
}

async function pageFile(path: string, body: Uint8Array): Promise<PageFile> {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  const [zipped, br] = await Promise.all([promisify(gzip)(body), promisify(brotliCompress)(body, quality)]);
  return {
    type: types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    bodies: { identity: Buffer.from(body), gzip: zipped, br },
    isHashed: path.startsWith('assets/'),
  };
}

/**
 * The document of a view. Its addresses are relative to the console, however deep the view's path is and
 * whatever path a proxy puts in front.
 */
export function indexOf(page: Page, path: string): PageFile {
  const index = page.get('index.html');
  if (index === undefined) throw new Error('The page of the console has no index.html.');
  const base = '../'.repeat(path.split('/').length - 2) || './';
  const identity = Buffer.from(
    index.bodies.identity.toString().replace('<base href="./" />', `<base href="${base}" />`),
  );
  return { ...index, bodies: { identity, gzip: identity, br: identity } };
}

/** Sends a file in the smallest form that the client accepts. */
export function send({ type, bodies, isHashed }: PageFile, request: Request, response: Response): void {
  const accepted = request.acceptsEncodings('br', 'gzip', 'identity');
  const encoding = accepted === 'br' || accepted === 'gzip' ? accepted : 'identity';
  const isPlain = encoding === 'identity' || bodies[encoding] === bodies.identity;
  response.set({
    'content-type': type,
    vary: 'Accept-Encoding',
    ...(!isPlain && { 'content-encoding': encoding }),
    ...(isHashed && { 'cache-control': 'public, max-age=31536000, immutable' }),
  });
  response.end(isPlain ? bodies.identity : bodies[encoding]);
}
