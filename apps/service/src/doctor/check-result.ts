/**
 * The result of one check of `doctor`.
 *
 * - `ok`: it works.
 * - `warning`: it works with a limitation, or the check is inconclusive.
 * - `failure`: a configured part does not work.
 * - `skipped`: not checked: not configured, or the vendor has no way to check it.
 */
export interface CheckResult {
  /** `undefined` for a check of the whole service. */
  readonly connection?: string;
  /** Short name of the check. */
  readonly about: string;
  readonly result: 'ok' | 'warning' | 'failure' | 'skipped';
  readonly message: string;
  /** How to fix it. */
  readonly next?: string;
}

const finding =
  (result: CheckResult['result']) =>
  (about: string, message: string, next?: string): CheckResult => ({
    ...{ about, result, message },
    ...(next !== undefined && { next }),
  });

export const ok = finding('ok');
export const warning = finding('warning');
export const failure = finding('failure');
export const skipped = finding('skipped');
