import { setTimeout as wait } from 'node:timers/promises';
import { adminToken } from '../service/counts.ts';

export interface StatusWatch extends AsyncDisposable {
  /** The longest answer and the longest time to answer. */
  readonly bytes: number;
  readonly slowestMs: number;
  readonly problems: readonly string[];
}

/** Polls `/status` continuously. A missing answer is accepted only while the service is down. */
export function watchStatus(address: () => string | undefined): StatusWatch {
  const watch = { bytes: 0, slowestMs: 0, problems: [] as string[] };
  let watching = true;
  const look = async (url: string) => {
    const begun = performance.now();
    try {
      const answer = await fetch(`${url}/status`, { headers: { authorization: `Bearer ${adminToken}` } });
      const { length } = await answer.bytes();
      if (answer.status !== 200) watch.problems.push(`/status was answered ${answer.status}`);
      watch.bytes = Math.max(watch.bytes, length);
      watch.slowestMs = Math.max(watch.slowestMs, performance.now() - begun);
    } catch (error) {
      if (address() === url) watch.problems.push(`/status was not answered: ${error}`);
    }
  };
  const running = (async () => {
    while (watching) {
      const url = address();
      if (url !== undefined) await look(url);
      await wait(100);
    }
  })();
  return Object.assign(watch, {
    async [Symbol.asyncDispose]() {
      watching = false;
      await running;
    },
  });
}
