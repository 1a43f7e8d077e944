import { lengthWithin } from '../../shared/bounds.ts';
import { movableOf, type Question, type ToWorker } from './protocol.ts';

/** Bounds of one transaction. */
const MAX_GROUP = 256;
const MAX_GROUP_BYTES = 16 * 1024 * 1024;

/**
 * Commands that wait for a transaction, in the order of their arrival.
 *
 * Appends do not wait for the commands before them: as long as others wait too, transactions of appends alone take turns
 * with transactions of everything. A live batch is then acknowledged after its own commit instead of after the
 * reads and writes of deliveries and back-fills, and these still have every other transaction. Commands that wait
 * at the same time do not depend on each other, since their callers have no answer yet.
 */
export class CommandGroups {
  #queue: ToWorker[] = [];
  #wereAppends = false;

  /** @returns whether it is the only one */
  add(command: ToWorker): boolean {
    this.#queue.push(command);
    return this.#queue.length === 1;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Whether nothing but `close` is left to do. */
  get isClosing(): boolean {
    return this.#queue[0]?.kind === 'close';
  }

  /** Removes the next commands up to the bounds or the `close`; the first one whatever its size. */
  next(): Question[] {
    const close = this.#queue.findIndex(({ kind }) => kind === 'close');
    const waiting = (close === -1 ? this.#queue : this.#queue.slice(0, close)) as Question[];
    const appends = this.#wereAppends ? [] : waiting.filter(isAppend);
    this.#wereAppends = appends.length > 0 && appends.length < waiting.length;
    const candidates = (this.#wereAppends ? appends : waiting).slice(0, MAX_GROUP);
    const group = candidates.slice(0, lengthWithin(candidates, bytesOf, MAX_GROUP_BYTES));
    const taken = new Set<ToWorker>(group);
    this.#queue = this.#queue.filter(each => !taken.has(each));
    return group;
  }
}

const isAppend = ({ command }: Question): boolean => command === 'journal.append';

const bytesOf = ({ args }: Question): number =>
  movableOf(args).reduce((sum, buffer) => sum + buffer.byteLength, 0);
