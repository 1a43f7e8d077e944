import { type FileSource, SourceError } from '@braze-mixpanel/currents-files';
import type { ConnectionConfig } from '../config/config.ts';
import { type CheckResult, failure, ok, warning } from './check-result.ts';

const about = 'Collected files';

/**
 * Checks that the files of COLLECT can be listed and read with the credentials of this process: lists until the
 * first file, and reads its first bytes. No finding where COLLECT is not set.
 */
export async function checkCollect(
  { collect }: Pick<ConnectionConfig, 'collect'>,
  openSource: (address: string) => Promise<FileSource>,
): Promise<CheckResult[]> {
  if (collect === undefined) return [];
  try {
    const source = await openSource(collect.source);
    for await (const { path, version } of source.list()) {
      for await (const _ of source.file(path, version).open(0)) break;
      return [ok(about, `${source.address} can be listed and read.`)];
    }
    return [
      warning(
        about,
        `${source.address} has no files.`,
        'Wait for the first file of the Current; if there should be some, correct COLLECT.',
      ),
    ];
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return [
      failure(about, error.message, 'Fix it, or correct COLLECT; the service tries again at each look.'),
    ];
  }
}
