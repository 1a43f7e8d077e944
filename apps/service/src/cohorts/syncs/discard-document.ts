import type { CohortStore } from '@braze-mixpanel/storage';
import { CohortError, hasCode } from '../cohort-error.ts';
import { checkDocument, documentKey } from './stored-documents.ts';

/**
 * Deletes one damaged document, by the key from `cohort_document_damaged`. The record of a sync is deleted
 * with its pages and its history.
 *
 * @throws CohortError `cohort_document_intact` where there is none or it can be read, `cohort_document_newer`
 */
export async function discardDocument(key: string, store: CohortStore): Promise<void> {
  const [, run, runOf] = /^run:(\d+):(.+)$/s.exec(key) ?? [];
  const found =
    runOf === undefined
      ? (await store.documents()).find(each => each.key === key)
      : (await store.history({ sync: runOf, before: Number(run) + 1, limit: 1 })).find(
          ({ id }) => id === Number(run),
        );
  if (found === undefined || !isDamaged(key, found.text))
    throw new CohortError('cohort_document_intact', key.slice(0, 80));
  const prefix = documentKey('sync', '');
  await store.commit(
    runOf === undefined
      ? {
          documents: [{ key, text: null }],
          ...(key.startsWith(prefix) && { forget: key.slice(prefix.length) }),
        }
      : { dropHistory: [Number(run)] },
  );
}

function isDamaged(key: string, text: string): boolean {
  try {
    checkDocument(key, text);
    return false;
  } catch (error) {
    if (hasCode(error, 'cohort_document_damaged')) return true;
    throw error;
  }
}
