import type { SourceFile } from '@braze-mixpanel/currents-files';
import { acceptSteps } from '../accept-events.ts';
import type { JobWork } from '../job-work.ts';
import { addressOf } from '../reading/step-builder.ts';
import { type BackfillReport, shortMessage } from '../report.ts';
import { newFiles } from './new-files.ts';

/** Files read for all of their events, as a back-fill without a choice reads them: neither repeats the other. */
const scope = '';

/**
 * One look for new files of a source: accepts their events into the connection's own queue, in order of
 * arrival. Files without access are tried again the next time, and the report has the reason of the first.
 * Ends early where the job was paused or ended.
 *
 * @throws SourceError if the source cannot be listed, or is unavailable
 */
export async function collectNewFiles(work: JobWork): Promise<void> {
  const { source, job, environment } = work;
  const refused: Error[] = [];
  let report: BackfillReport | undefined = { ...work.report, total: { files: 0, bytes: 0 } };
  let last: SourceFile | undefined;
  for (let more = true; more; ) {
    const found = await newFiles(source, paths => collected(work, paths), last);
    // Most looks find nothing: reading, and its thread, are not started then.
    if (found.files.length === 0) break;
    const steps = work.read(scope, {
      wanted: {},
      report: { ...report, partial: 0 },
      collected: found.files,
      onRefused: error => refused.push(error),
    });
    report = await acceptSteps(work, steps, { queue: job.connection, scope, report });
    if (report === undefined) return;
    last = found.files.at(-1);
    more = found.more;
  }
  for (const { message } of refused)
    environment.logger.warn(
      { backfill: job.id, connection: job.connection },
      `a new file could not be read: ${message}`,
    );
  const problem = refused.length > 0 ? problemOf(refused) : undefined;
  const collect = { lookedAt: environment.now(), ...(problem !== undefined && { problem }) };
  await work.write({ report: { ...report, collect } });
}

async function collected(work: JobWork, paths: string[]) {
  const byAddress = await work.known(
    scope,
    paths.map(path => addressOf(work.source, path)),
  );
  return new Map(
    paths.flatMap(path => {
      const file = byAddress.get(addressOf(work.source, path));
      return file === undefined ? [] : [[path, file] as const];
    }),
  );
}

function problemOf([first, ...rest]: readonly Error[]): string {
  const others =
    rest.length === 0 ? '' : ` Nor could ${rest.length} ${rest.length === 1 ? 'other' : 'others'}.`;
  return `A new file could not be read: ${shortMessage(first?.message ?? '')}${others}`;
}
