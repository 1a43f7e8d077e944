/**
 * A certificate authority of this user's own, made on the first run and kept, so that what trusts it once trusts every simulator.
 *
 * `authority.pem` holds the key and is readable by its owner alone; `ca.pem` is what others are told to trust. Both appear whole
 * or not at all, and of several simulators that start at once the first one's authority is everybody's.
 */
import { X509Certificate } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { generate } from './generate.ts';

export interface Authority {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** Where the certificate lies, for `NODE_EXTRA_CA_CERTS` and its like. */
  readonly certFile: string;
}

const day = 86_400_000;
const lifetime = 3_650 * day;

export const authorityFolder = (): string => join(homedir(), '.braze-mixpanel', 'tls');

/** @throws with one sentence when the folder can't be used. */
export async function localAuthority(folder = authorityFolder()): Promise<Authority> {
  const pairFile = join(folder, 'authority.pem');
  const certFile = join(folder, 'ca.pem');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const pair = (await readPair(pairFile)) ?? (await makePair(pairFile));
    if ((await readText(certFile)) !== pair.cert) await replace(certFile, pair.cert, 0o644);
    return { ...pair, certFile };
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw new Error(
      `The local certificate authority can't be kept in ${folder}: ${cause.message}. Name a folder that can be written with --tls-folder.`,
      { cause },
    );
  }
}

interface Pair {
  readonly key: string;
  readonly cert: string;
}

/** What is there and still valid for a day; a damaged or expired one counts as none, and is taken away. */
async function readPair(file: string): Promise<Pair | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const key = pemBlock(text, 'PRIVATE KEY');
  const cert = pemBlock(text, 'CERTIFICATE');
  if (key !== undefined && cert !== undefined) {
    if (Date.parse(new X509Certificate(cert).validTo) > Date.now() + day) return { key, cert };
  }
  await rm(file);
  return undefined;
}

function pemBlock(text: string, label: string): string | undefined {
  const start = text.indexOf(`-----BEGIN ${label}-----\n`);
  const last = `-----END ${label}-----\n`;
  const end = text.indexOf(last, start);
  return start === -1 || end === -1 ? undefined : text.slice(start, end + last.length);
}

async function makePair(file: string): Promise<Pair> {
  const name = [{ name: 'commonName', value: 'braze-mixpanel simulators, local authority' }];
  const made = await generate(name, {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + lifetime),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const draft = `${file}.${process.pid}.${performance.now()}`;
  await writeFile(draft, `${made.private.trim()}\n${made.cert.trim()}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  const kept = await readPair(file);
  if (kept === undefined) throw new Error(`${file} is damaged`);
  return kept;
}

async function replace(file: string, text: string, mode: number): Promise<void> {
  const draft = `${file}.${process.pid}.${performance.now()}`;
  await writeFile(draft, text, { mode, flag: 'wx' });
  await rename(draft, file);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
