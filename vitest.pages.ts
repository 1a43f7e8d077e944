import { afterEach } from 'vitest';

/** A page that a browser test has opened: what it shows, in words. */
type Shown = () => Promise<string>;

declare global {
  /** Pages that are open now. Of the process: test files of one process share their modules, setup files do not. */
  var shownPages: Set<Shown> | undefined;
}

/** A failed test says what its pages show: a timeout alone names only what is not there. */
afterEach(async ({ task }) => {
  const error = task.result?.state === 'fail' ? task.result.errors?.[0] : undefined;
  if (error === undefined || globalThis.shownPages === undefined) return;
  const shown = await Promise.all([...globalThis.shownPages].map(page => page()));
  if (shown.length > 0) error.stack = [error.stack ?? error.message, ...shown].join('\n');
});
