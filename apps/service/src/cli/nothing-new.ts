import type { BackfillJson } from '../http/backfill-endpoints.ts';
import { counted, whole } from './terminal.ts';

/** Why a back-fill or dry run that has read its source found no new events, as a sentence. */
export function nothingNew({
  source,
  isDryRun,
  report: { files },
}: Pick<BackfillJson, 'source' | 'isDryRun' | 'report'>): string {
  const use = isDryRun ? 'would be sent' : 'is sent';
  const parts = [
    { count: files.already, text: 'read by an earlier back-fill' },
    { count: files.passedOver, text: 'left out, since by the path no event in them is wanted' },
    { count: files.unreadable, text: 'not readable' },
    { count: files.other, text: 'not Avro' },
    { count: files.read + files.damaged, text: `read now, without an event that ${use}` },
  ].filter(({ count }) => count > 0);
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const [first, ...rest] = parts;
  if (first === undefined)
    return `There are no files in ${source}. Check the address; hidden files and links are left out.`;
  if (rest.length > 0) {
    const texts = parts.map(({ count, text }) => `${whole(count)} ${count === 1 ? 'was' : 'were'} ${text}`);
    return `No new events: of ${counted(total, 'file', 'files')}, ${texts.join('; ')}.`;
  }
  return total === 1
    ? `No new events: the only file was ${first.text}.`
    : `No new events: all ${whole(total)} files were ${first.text}.`;
}
