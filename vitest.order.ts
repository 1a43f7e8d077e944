import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that run for a long time, the longest first. Started last, such a file runs alone at the end, while other cores are idle. On a
 * fresh machine, vitest has no durations to sort by and takes a larger file for a longer one; most of these are a few lines.
 */
export const longest = [
  'packages/storage/tests/postgres/{records,journal,random-commands}.test.ts',
  'contracts/proof/src/crash/killers-on-*.test.ts',
  'contracts/proof/src/crash/{crash-on-*,thread-deaths}.test.ts',
  'contracts/end-to-end/src/console/{views,what-is-known,loop}.test.ts',
  'apps/service/tests/backfill/killed-in-a-backfill.test.ts',
  'apps/service/tests/observability/alerts/incidents.test.ts',
  'apps/service/tests/cli/{cohort-commands,dead-letter-commands,backfill-command,eighty-columns}.test.ts',
  'apps/service/tests/service/signals.test.ts',
  'apps/service/tests/cohorts/killed-in-a-sync.test.ts',
];

/** The order of test files: those known to be long, then the order of vitest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const known = longest
      .flatMap(pattern => globSync(pattern, { cwd: root }))
      .map(file => resolve(root, file));
    const rank = ({ moduleId }: TestSpecification) => {
      const found = known.indexOf(moduleId);
      return found === -1 ? known.length : found;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
