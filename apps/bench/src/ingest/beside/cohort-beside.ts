import { setTimeout as wait } from 'node:timers/promises';
import { again, begin, cohortEnvironment, isAtRest, order, type Run } from '../../cohorts/measure-cohorts.ts';
import type { FromSimulators } from '../../cohorts/simulators-process.ts';
import { startChild } from '../../measure/child.ts';
import type { BesideSetting, BesideWork } from './work.ts';

/**
 * A cohort that is synced to Braze again and again: the service reads all members with the query API each time,
 * and 1 % have left, until half of them have.
 */
export async function cohortBeside({ size, signal }: BesideSetting): Promise<BesideWork> {
  const file = new URL('../../cohorts/simulators-process.ts', import.meta.url);
  const simulators = startChild<FromSimulators>(file, [String(size)]);
  const { mixpanel, braze } = await simulators.next(message => message.kind === 'ready', signal);
  let isOpen = true;
  let times = 0;
  const syncs = async (run: Run) => {
    for (;;) {
      while (isOpen && !(await isAtRest(run.service))) await wait(20);
      if (!isOpen) return new Promise<void>(() => undefined);
      times += 1;
      if (times <= 50)
        await order(simulators, { kind: 'change', members: Math.ceil(size / 100) }, run.signal);
      await again(run);
    }
  };
  return {
    ...{ environment: cohortEnvironment(mixpanel, braze), extraEvents: 0 },
    async begin({ url }) {
      const run: Run = { simulators, service: url, source: 'query', signal };
      await begin(run);
      return { ended: syncs(run), times: () => times };
    },
    async [Symbol.asyncDispose]() {
      isOpen = false;
      await simulators[Symbol.asyncDispose]();
    },
  };
}
