import type { StorageError } from '../../ports/index.ts';
import type { AfterCommit } from './command.ts';
import type { commands } from './commands.ts';

export type CommandName = keyof typeof commands;
export type CommandInput<Name extends CommandName> = Parameters<ReturnType<(typeof commands)[Name]>>[0];
export type CommandOutput<Name extends CommandName> =
  ReturnType<ReturnType<(typeof commands)[Name]>> extends AfterCommit<infer Value>
    ? Value
    : ReturnType<ReturnType<(typeof commands)[Name]>>;

/** To the worker. `id` joins an answer to its question; `close` is answered by the worker's end. */
export type ToWorker = Question | { kind: 'close' };
export type Question = { kind: 'ask'; id: number; command: CommandName; input: unknown };

/** From the worker. The first message is `open` or `refused`; the answers of one transaction come together. */
export type FromWorker =
  | { kind: 'open' }
  | { kind: 'refused'; fault: Fault }
  | { kind: 'answers'; answers: Answer[] };

export type Answer = { id: number; value: unknown } | { id: number; fault: Fault };

/** A rejection as data: an error object would lose its class between threads. `defect` is a fault of the program. */
export interface Fault {
  code: StorageError['code'] | 'defect';
  message: string;
}

/** The buffers of a message that may be moved instead of copied: each fills its memory, which nobody else uses. */
export function movable(message: unknown): ArrayBuffer[] {
  const elements: unknown[] = Array.isArray(message) ? message : [message];
  return elements
    .flatMap(element => (typeof element === 'object' && element !== null ? Object.values(element) : []))
    .filter(value => value instanceof Uint8Array && fillsItsMemory(value))
    .map(value => value.buffer);
}

export function fillsItsMemory(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
}
