import { transferable } from '@braze-mixpanel/concurrency';
import type { StorageError } from '../../ports/index.ts';
import type { CommandName } from './thread-ports.ts';

/** To the worker. `id` relates an answer to its question. After `close` the worker exits. */
export type ToWorker = Question | { kind: 'close' };
export type Question = { kind: 'ask'; id: number; command: CommandName; args: unknown[] };

/**
 * From the worker. The first message is `open` or `refused`; the answers of one transaction come together.
 */
export type FromWorker =
  | { kind: 'open' }
  | { kind: 'refused'; fault: Fault }
  | { kind: 'answers'; answers: Answer[] };

export type Answer = { id: number; value: unknown } | { id: number; fault: Fault };

/**
 * A rejection as data, since an error object would lose its class between threads. `defect` is an error of
 * the program.
 */
export interface Fault {
  code: StorageError['code'] | 'defect';
  message: string;
}

/**
 * Buffers of a command's arguments that are transferred. Those of a command with several arguments are
 * copied.
 */
export const movableOf = (args: readonly unknown[]): ArrayBuffer[] =>
  args.length === 1 ? transferable(args[0]) : [];
