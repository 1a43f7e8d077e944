/**
 * What one check of `doctor` found.
 *
 * - `ok`: it works.
 * - `warning`: it works, but will not always, or nobody can tell.
 * - `failure`: something that is configured does not work.
 * - `skipped`: nothing to check, since it is not configured.
 */
export interface Finding {
  /** `undefined` for what concerns the whole service. */
  readonly connection?: string;
  /** What was checked, in a few words. */
  readonly about: string;
  readonly result: 'ok' | 'warning' | 'failure' | 'skipped';
  readonly says: string;
  /** What to do about it. */
  readonly next?: string;
}

type Told = Pick<Finding, 'says' | 'next'>;

const finding =
  (result: Finding['result']) =>
  (about: string, says: string, next?: string): Finding => ({ about, result, ...told(says, next) });

const told = (says: string, next: string | undefined): Told => ({
  says,
  ...(next !== undefined && { next }),
});

export const ok = finding('ok');
export const warning = finding('warning');
export const failure = finding('failure');
export const skipped = finding('skipped');
