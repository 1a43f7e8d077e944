/**
 * A local certificate authority, created on the first run and kept, so that a client that trusts it once
 * trusts every simulator.
 *
 * `authority.pem` holds the key and is readable by its owner only; `ca.pem` is the certificate for clients to
 * trust. Both files are written atomically. If several simulators start at once, all use the authority of the
 * first.
 *
 * Name constraints limit it to the names of simulators. A name outside of them leads to a new authority.
 */
import { X509Certificate } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { closeToOthers } from './close-to-others.ts';
import { generate } from './generate.ts';
import { nameConstraints, nameConstraintsId, permits, plain } from './name-constraints.ts';

export interface Authority {
  /** In PEM. */
  readonly key: string;
  readonly cert: string;
  /** Permitted names and addresses, including subdomains. */
  readonly names: readonly string[];
  /** Path of the certificate, for `NODE_EXTRA_CA_CERTS` and similar settings. */
  readonly certFile: string;
}

const hour = 3_600_000;
const day = 24 * hour;
const lifetime = 3_650 * day;

export const authorityFolder = (): string => join(homedir(), '.braze-mixpanel', 'tls');

/** The authority in this folder. @throws Error with one sentence if the folder can't be used. */
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
      `The local certificate authority can't be kept in ${folder}: ${cause.message}. Choose a writable folder with --tls-folder.`,
      { cause },
    );
  }
}

interface Pair {
  readonly key: string;
  readonly cert: string;
  readonly names: readonly string[];
}

/**
 * The existing authority if it permits all of `wanted`; otherwise a new one that permits these names and all
 * previous ones.
 */
async function pairFor(file: string, wanted: readonly string[]): Promise<Pair> {
  const kept = await readPair(file);
  if (kept && wanted.every(name => permits(kept.names, name))) return kept;
  if (kept) await rm(file, { force: true });
  const made = await makePair(file, [
    ...new Set([...everywhere(), ...(kept?.names ?? []), ...wanted.map(plain)]),
  ]);
  // Another simulator may have created one meanwhile, with other names.
  return wanted.every(name => permits(made.names, name)) ? made : pairFor(file, wanted);
}

/**
 * Names of both simulators and of this machine, so that the first one to start creates an authority for all.
 */
const everywhere = (): string[] => ['localhost', 'mock-braze', 'mock-mixpanel', plain(hostname())];

/** The text before the PEM blocks; PEM readers skip it. */
const heading = 'Vouches for: ';

/**
 * The existing authority if it is valid for another day. A damaged, expired or unconstrained one is removed.
 */
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
