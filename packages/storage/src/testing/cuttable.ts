import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { BroadcastChannel, type Worker } from 'node:worker_threads';
import type { WorkerSettings } from '../sqlite/thread/settings.ts';
import { type Spawn, spawnWorker } from '../sqlite/thread/worker-link.ts';

/** What cut-worker.ts is started with. */
export interface CutSettings extends WorkerSettings {
  /** 1 after the cut. */
  readonly cut: Int32Array<SharedArrayBuffer>;
  /** Name of the channel that wakes an idle thread at the cut. */
  readonly channel: string;
}

/** A storage thread for tests that can be cut off in the middle of its work: what is not committed is lost. */
export function cuttable(): { spawn: Spawn; cut(): Promise<void> } {
  let started: { worker: Worker; settings: CutSettings } | undefined;
  return {
    spawn(given) {
      const cut = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const settings = { ...given, cut, channel: `cut-${randomUUID()}` };
      const worker = spawnWorker(settings, { beside: import.meta.url, file: 'cut-worker' });
      started = { worker, settings };
      return worker;
    },
    async cut() {
      if (started === undefined || started.worker.threadId === -1) return;
      const { worker, settings } = started;
      const exited = once(worker, 'exit');
      Atomics.store(settings.cut, 0, 1);
      const channel = new BroadcastChannel(settings.channel);
      channel.postMessage('cut');
      await exited;
      channel.close();
    },
  };
}
