import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkFile, parseStorageUrl, StorageError } from '@braze-mixpanel/storage';
import type { PostgresAddress } from '@braze-mixpanel/storage/postgres';
import { readSchemaState, steps } from '@braze-mixpanel/storage/postgres';
import { type CheckResult, failure, ok, warning } from './check-result.ts';

const about = 'Storage';
const megabyte = 1024 * 1024;
/** Bytes that the service keeps free, see STORAGE_URL. */
const reserve = 64 * megabyte;
const comfortable = 1024 * megabyte;

/**
 * Checks the storage, read-only: it does not lock a SQLite file, which a running service owns, and reads only the
 * applied schema steps of PostgreSQL.
 */
export async function checkStorage(storageUrl: string, freeBytes = freeBytesOf): Promise<CheckResult> {
  const parsed = parseStorageUrl(storageUrl);
  if ('fault' in parsed) return failure(about, `STORAGE_URL cannot be used: ${parsed.fault}.`);
  const { location } = parsed;
  if (location.kind === 'sqlite-memory')
    return warning(about, 'Storage is in memory: a restart loses all batches.', 'Use sqlite:<path>.');
  if (location.kind === 'postgres') return checkDatabase(location.address);
  return checkOwner(location.path) ?? (await checkFolder(await nearest(dirname(location.path)), freeBytes));
}

/** A failure if the service could not open the path, for example a file of another program. */
function checkOwner(path: string): CheckResult | undefined {
  try {
    checkFile(path);
    return undefined;
  } catch (error) {
    if (error instanceof StorageError) return failure(about, error.message);
    throw error;
  }
}

/** Free bytes on the disk of a folder. */
const freeBytesOf = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

async function checkFolder(found: string, freeBytes: typeof freeBytesOf): Promise<CheckResult> {
  const writable = await access(found, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    return failure(
      about,
      `${found} is not writable.`,
      'Grant this user write permission, or change STORAGE_URL.',
    );
  const free = await freeBytes(found);
  const space = `${found} is writable, with ${Math.floor(free / megabyte)} MB free`;
  if (free < reserve)
    return failure(about, `${space}; 64 MB are reserved.`, 'Free disk space: until then batches get 503.');
  return free < comfortable
    ? warning(about, `${space}.`, 'Free disk space: an outage of Mixpanel would fill the disk.')
    : ok(about, `${space}.`);
}

/** The nearest existing part of the path: the first start creates a missing folder. */
async function nearest(folder: string): Promise<string> {
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  const parent = dirname(folder);
  return exists || parent === folder ? folder : nearest(parent);
}

async function checkDatabase(address: PostgresAddress): Promise<CheckResult> {
  try {
    const { applied, missing, needs } = await readSchemaState(address, steps);
    const place = `PostgreSQL at ${address.where} is reachable`;
    if (needs > steps.length)
      return failure(about, `${place}; its schema requires a newer release.`, 'Run that release.');
    if (applied.length === 0) return ok(about, `${place}; the first start creates the tables.`);
    const expand = missing.filter(({ step }) => step.kind === 'expand').length;
    return expand > 0
      ? ok(about, `${place}; the next start updates its schema, see \`migrate plan\`.`)
      : ok(about, `${place}; its schema is up to date.`);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return failure(about, error.message);
  }
}
