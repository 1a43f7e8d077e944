/**
 * A certificate authority of this user's own, made on the first run and kept, so that what trusts it once trusts every simulator.
 *
 * `authority.pem` holds the key and is readable by its owner alone; `ca.pem` is what others are told to trust. Both appear whole
 * or not at all, and of several simulators that start at once the first one's authority is used by all.
 *
 * It vouches for the names of simulators and no others (name constraints). A name that it was not made for makes a new one.
 */
import { X509Certificate } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { closeToOthers } from './close-to-others.ts';
import { generate } from './generate.ts';
import { nameConstraints, nameConstraintsId, permits, plain } from './name-constraints.ts';

export interface Authority {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** Names and addresses that it may vouch for, names below them included. */
  readonly names: readonly string[];
  /** Where the certificate lies, for `NODE_EXTRA_CA_CERTS` and its like. */
  readonly certFile: string;
}

const hour = 3_600_000;
const day = 24 * hour;
const lifetime = 3_650 * day;

export const authorityFolder = (): string => join(homedir(), '.braze-mixpanel', 'tls');

/** @throws with one sentence when the folder can't be used. */
export async function localAuthority(
  folder = authorityFolder(),
  wanted: readonly string[] = [],
): Promise<Authority> {
  const pairFile = join(folder, 'authority.pem');
  const certFile = join(folder, 'ca.pem');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await closeToOthers(folder, pairFile);
    const pair = await pairFor(pairFile, wanted);
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
  readonly names: readonly string[];
}

/** The kept one where it may vouch for all of `wanted`; else a new one, for those and for all that the kept one was for. */
async function pairFor(file: string, wanted: readonly string[]): Promise<Pair> {
  const kept = await readPair(file);
  if (kept && wanted.every(name => permits(kept.names, name))) return kept;
  if (kept) await rm(file, { force: true });
  const made = await makePair(file, [
    ...new Set([...everywhere(), ...(kept?.names ?? []), ...wanted.map(plain)]),
  ]);
  // Another simulator may have been first, with other names.
  return wanted.every(name => permits(made.names, name)) ? made : pairFor(file, wanted);
}

/** Both simulators and this machine: the first of them to start makes the authority of all. */
const everywhere = (): string[] => ['localhost', 'mock-braze', 'mock-mixpanel', plain(hostname())];

/** Before the PEM blocks; what reads PEM skips it. */
const heading = 'Vouches for: ';

/** What is there and still valid for a day; a damaged, expired or unconstrained one counts as none, and is removed. */
async function readPair(file: string): Promise<Pair | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const key = pemBlock(text, 'PRIVATE KEY');
  const cert = pemBlock(text, 'CERTIFICATE');
  const names = text.startsWith(heading) ? text.slice(heading.length, text.indexOf('\n')).split(', ') : [];
  if (key !== undefined && cert !== undefined && names.length > 0) {
    if (Date.parse(new X509Certificate(cert).validTo) > Date.now() + day) return { key, cert, names };
  }
  await rm(file, { force: true });
  return undefined;
}

function pemBlock(text: string, label: string): string | undefined {
  const start = text.indexOf(`-----BEGIN ${label}-----\n`);
  const last = `-----END ${label}-----\n`;
  const end = text.indexOf(last, start);
  return start === -1 || end === -1 ? undefined : text.slice(start, end + last.length);
}

async function makePair(file: string, names: readonly string[]): Promise<Pair> {
  const made = await generate({
    commonName: 'braze-mixpanel simulators, local authority',
    notBefore: new Date(Date.now() - hour),
    notAfter: new Date(Date.now() + lifetime),
    extensions: ({ BasicConstraintsExtension, Extension, KeyUsageFlags, KeyUsagesExtension }) => [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new Extension(nameConstraintsId, true, nameConstraints(names)),
    ],
  });
  const draft = `${file}.${process.pid}.${performance.now()}`;
  await writeFile(draft, `${heading}${names.join(', ')}\n${made.key}${made.cert}`, {
    mode: 0o600,
    flag: 'wx',
  });
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
