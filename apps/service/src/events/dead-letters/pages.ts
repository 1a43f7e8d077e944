import type { DeadLetter, DeadLetterQuery, DeadLetterStore } from '@braze-mixpanel/storage';

const pageSize = 20;
const answerBytes = 8_000_000;

/**
 * Up to `query.limit` dead letters, fewer where their texts are large: one may have 1 MB, so a thousand of
 * them a gigabyte.
 */
export async function pagesOf(
  store: Pick<DeadLetterStore, 'list'>,
  query: DeadLetterQuery,
): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  let size = 0;
  let next = query;
  while (letters.length < query.limit && size < answerBytes) {
    const limit = Math.min(pageSize, query.limit - letters.length);
    const page = await store.list({ ...next, limit });
    for (const letter of page) letters.push(letter);
    size += page.reduce((sum, letter) => sum + letter.original.length + (letter.mapped?.length ?? 0), 0);
    const last = page.at(-1);
    if (last === undefined || page.length < limit) break;
    next = { ...query, before: last.id };
  }
  return letters;
}
