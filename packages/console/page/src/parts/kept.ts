import { useSyncExternalStore } from 'preact/compat';

/** State outside the views: work that has it goes on while another view is shown. */
export class Kept<T> {
  #present: T | undefined;
  readonly #listeners = new Set<() => void>();

  get present(): T | undefined {
    return this.#present;
  }

  show(next: T | undefined): void {
    this.#present = next;
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

/** The present state; `undefined` if there is none to show. */
export const useKept = <T>(of: Kept<T>): T | undefined =>
  useSyncExternalStore(of.subscribe, () => of.present);
