import { SourceError } from '@braze-mixpanel/currents-files';
import { StorageError } from '@braze-mixpanel/storage';
import { CompareError } from '../reconcile/compare-error.ts';
import { BackfillError } from './backfill-error.ts';
import { ReaderError } from './reading/step-reader.ts';

/** How often in a row an error may occur that ends a job at last. */
const mostFailures = 10;

/** Whether the cause may end without a change of the job; storage may be full or unreachable for long. */
export function mayPass(error: unknown, failures: number): boolean {
  if (error instanceof SourceError) return error.code === 'unavailable' && failures < mostFailures;
  if (error instanceof ReaderError) return failures < mostFailures;
  if (error instanceof CompareError) return error.code === 'compare_export_failed' && failures < mostFailures;
  return error instanceof StorageError && error.code !== 'corrupt';
}

/** Why a job failed, in sentences. */
export function sentenceOf(error: unknown): string {
  if (error instanceof SourceError) return sourceSentence(error);
  if ([ReaderError, StorageError, CompareError, BackfillError].some(known => error instanceof known))
    return (error as Error).message;
  return 'An error of this program ended the back-fill; the log of the service has it.';
}

/** Why a source cannot be read, in sentences that say whose credentials are meant. */
export const sourceSentence = ({ code, message }: SourceError): string =>
  code === 'credentials' ? `${message} ${whoseCredentials}` : message;

const whoseCredentials =
  'The service reads the files: its environment and the usual files of its user are meant. Those of the command that starts a back-fill count only if no service runs.';
