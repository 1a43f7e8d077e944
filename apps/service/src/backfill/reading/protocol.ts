import type { MessagePort } from 'node:worker_threads';
import { SourceError } from '@braze-mixpanel/currents-files';
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

/** An error as data, since an error object loses its class between threads. Without a code it is a defect. */
export interface ErrorData {
  readonly code?: SourceError['code'];
  readonly message: string;
  readonly stack: string | undefined;
}

export function dataOf(error: unknown): ErrorData {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return error instanceof SourceError ? { code: error.code, message, stack } : { message, stack };
}

export function errorOf({ code, message, stack }: ErrorData): Error {
  const error = code === undefined ? new Error(message) : new SourceError(code, message);
  return Object.assign(error, { stack });
}
