/**
 * `npm run test:containers`: the suites on the built images, or one line with the reason why they were not
 * run. With `REQUIRE_CONTAINERS=1` that is a failure. Arguments select suites by file name.
 */
import { startVitest } from 'vitest/node';
import { recordSkipped } from '../../../vitest.skipped.ts';
import { engineTrouble } from './engine.ts';

const reason = await engineTrouble();
if (reason === undefined) {
  const vitest = await startVitest('test', process.argv.slice(2), {
    config: `${import.meta.dirname}/../vitest.config.ts`,
    run: true,
  });
  await vitest.close();
} else if (process.env.REQUIRE_CONTAINERS === '1') {
  console.error(`The container suites can't run, but REQUIRE_CONTAINERS=1 is set: ${reason}`);
  process.exitCode = 1;
} else {
  recordSkipped(['all container suites']);
  console.log(`The container suites were not run: ${reason}`);
}
