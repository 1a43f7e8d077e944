import type { FileSource } from '@braze-mixpanel/currents-files';
import { readSteps } from '../backfill/reading/read-steps.ts';
import type { StepReader } from '../backfill/reading/step-reader.ts';

/** Reads in the caller's thread, for tests with a source of their own. */
export const readInProcess = (source: FileSource): StepReader => ({
  read: (request, calls) => readSteps(source, request, calls),
  close: async () => undefined,
});
