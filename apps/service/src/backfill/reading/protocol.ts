import type { MessagePort } from 'node:worker_threads';
import { SourceError } from '@braze-mixpanel/currents-files';
import { BackfillError } from '../backfill-error.ts';
import type { Fault } from '../report.ts';
import type { KnownFile, ReadRequest, Step } from './step-reader.ts';

/** Steps that are read ahead of those that were taken: some megabytes each. */
export const stepsAhead = 1;

/** To the thread. Each reading has a port of its own, and ends when it is closed. */
export type ToThread =
  | { readonly kind: 'read'; readonly request: ReadRequest; readonly port: MessagePort }
  | { readonly kind: 'close' };

/** To a reading. `more`: a step was taken. */
export type ToReading =
  | { readonly kind: 'more' }
  | { readonly kind: 'known'; readonly files: ReadonlyMap<string, KnownFile> };

/** From a reading. One `known` at a time is without an answer. */
export type FromReading =
  | { readonly kind: 'known'; readonly paths: string[] }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'refused'; readonly error: ErrorData }
  | Outcome;
export type Outcome =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly error: ErrorData };

/** An error as data, since an error object loses its class between threads. Any other class is that of a defect. */
export interface ErrorData {
  readonly is: SourceError['code'] | 'backfill' | 'defect';
  readonly message: string;
  readonly stack: string | undefined;
}

export function dataOf(error: unknown): ErrorData {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const is =
    error instanceof SourceError ? error.code : error instanceof BackfillError ? 'backfill' : 'defect';
  return { is, message, stack };
}

export function errorOf({ is, message, stack }: ErrorData): Error {
  return Object.assign(withClass(is, message), { stack });
}

function withClass(is: ErrorData['is'], message: string): Error {
  if (is === 'defect') return new Error(message);
  return is === 'backfill' ? new BackfillError(message) : new SourceError(is, message);
}
