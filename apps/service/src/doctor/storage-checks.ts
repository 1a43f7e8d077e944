import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseStorageUrl, StorageError } from '@braze-mixpanel/storage';
import type { PostgresAddress } from '@braze-mixpanel/storage/postgres';
import { readSchemaState, steps } from '@braze-mixpanel/storage/postgres';
import { type Finding, failure, ok, warning } from './finding.ts';

const about = 'Storage';
const megabyte = 1024 * 1024;
/** The service itself keeps this much free, see STORAGE_URL. */
const reserve = 64 * megabyte;
const comfortable = 1024 * megabyte;

/**
 * Whether there is a place for batches. Nothing is written: a SQLite file is not opened, since a running service owns it, and of PostgreSQL
 * only the list of steps is read that its tables were made with.
 */
export async function checkStorage(storageUrl: string, freeBytes = freeBytesOf): Promise<Finding> {
  const parsed = parseStorageUrl(storageUrl);
  if ('fault' in parsed) return failure(about, `STORAGE_URL cannot be used: ${parsed.fault}.`);
  const { location } = parsed;
  if (location.kind === 'sqlite-memory')
    return warning(about, 'It is in memory: a restart forgets all batches.', 'Use sqlite:<path>.');
  if (location.kind === 'postgres') return checkDatabase(location.address);
  return checkFile(await nearest(dirname(location.path)), freeBytes);
}

/** Of the disk that a folder is on. */
const freeBytesOf = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

async function checkFile(found: string, freeBytes: typeof freeBytesOf): Promise<Finding> {
  const writable = await access(found, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable)
    return failure(
      about,
      `${found} may not be written.`,
      'Give this user the right to write, or change STORAGE_URL.',
    );
  const free = await freeBytes(found);
  const room = `${found} can be written and has room for ${Math.floor(free / megabyte)} MB`;
  if (free < reserve)
    return failure(
      about,
      `${room}, of which 64 MB are kept.`,
      'Make room: until then batches are answered 503.',
    );
  return free < comfortable
    ? warning(about, `${room}.`, 'Make room: an outage of Mixpanel fills it.')
    : ok(about, `${room}.`);
}

/** A folder that does not exist yet is made at the first start. */
async function nearest(folder: string): Promise<string> {
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  const parent = dirname(folder);
  return exists || parent === folder ? folder : nearest(parent);
}

async function checkDatabase(address: PostgresAddress): Promise<Finding> {
  try {
    const { applied, missing, needs } = await readSchemaState(address, steps);
    const place = `PostgreSQL at ${address.where} can be reached`;
    if (needs > steps.length)
      return failure(
        about,
        `${place}; its tables need a newer version of this program.`,
        'Run that version.',
      );
    if (applied.length === 0) return ok(about, `${place}; the first start makes the tables.`);
    const expand = missing.filter(({ step }) => step.kind === 'expand').length;
    return expand > 0
      ? ok(about, `${place}; the next start adds to its tables, see \`migrate plan\`.`)
      : ok(about, `${place}, and its tables are up to date.`);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return failure(about, error.message);
  }
}
