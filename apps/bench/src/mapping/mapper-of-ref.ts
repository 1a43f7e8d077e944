import { execFile } from 'node:child_process';
import { mkdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { catalogue2022_06, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import type { mapEvent } from '@braze-mixpanel/core/mapping';

const run = promisify(execFile);
const entry = 'packages/core/src/mapping/index.ts';

/** Build of the mapper of another commit. */
export interface OtherMapper {
  /** Abbreviated hash of the commit. */
  readonly commit: string;
  readonly map: typeof mapEvent;
}

/**
 * The mapper of a commit: its `packages/core`, extracted to a folder beside the present `node_modules`, and
 * loaded from source.
 *
 * @param ref commit, tag or branch
 * @param repository root folder of the repository
 * @param folder empty folder, which the caller removes
 * @throws if there is no such commit, or its mapper cannot be loaded or does not map a sample event
 */
export async function mapperOfRef(ref: string, repository: string, folder: string): Promise<OtherMapper> {
  const git = (...parameters: string[]) => run('git', ['-C', repository, ...parameters]);
  const commit = await git('rev-parse', '--verify', '--short', '--end-of-options', `${ref}^{commit}`).then(
    ({ stdout }) => stdout.trim(),
    cause => {
      throw new Error(`git finds no commit "${ref}". Give a commit, tag or branch of this clone`, { cause });
    },
  );
  const cannotLoad = (why: string, cause?: unknown) =>
    new Error(`The mapper of ${commit} cannot be loaded: ${why}. Give a later commit`, { cause });
  const archive = join(folder, 'core.tar');
  await git('archive', `--output=${archive}`, commit, 'packages/core').catch(cause => {
    throw cannotLoad('the commit has no packages/core', cause);
  });
  const source = join(folder, 'source');
  await mkdir(source);
  await run('tar', ['-xf', archive, '-C', source]);
  await symlink(join(repository, 'node_modules'), join(source, 'node_modules'), 'junction');
  if (!(await isFile(join(source, entry)))) throw cannotLoad(`the commit has no ${entry}`);
  const loaded: { mapEvent?: unknown } = await import(pathToFileURL(join(source, entry)).href).catch(
    cause => {
      throw cannotLoad(messageOf(cause), cause);
    },
  );
  if (typeof loaded.mapEvent !== 'function') throw cannotLoad(`its ${entry} exports no mapEvent`);
  const map = loaded.mapEvent as typeof mapEvent;
  const [sample] = catalogue2022_06.entries;
  const event = sampleEvent(sample!, { random: seededRandom(1), time: 1_700_000_000, externalUserId: 'a' });
  try {
    const result = map(event, { catalogueVersion: catalogue2022_06 }, Date.now());
    if (result.outcome !== 'mapped') throw new Error(`it does not map a sample event: ${result.outcome}`);
  } catch (cause) {
    throw cannotLoad(messageOf(cause), cause);
  }
  return { commit, map };
}

const isFile = (path: string) =>
  stat(path).then(
    found => found.isFile(),
    () => false,
  );

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
