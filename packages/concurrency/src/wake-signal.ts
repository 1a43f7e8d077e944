/**
 * A wake signal (auto-reset event) for one loop: `notify` wakes the waiting loop, or is kept for its next
 * `wait`, so that no notification is missed. Several notifications before a `wait` count as one.
 *
 * @example
 * ```ts
 * import { WakeSignal } from '@braze-mixpanel/concurrency';
 *
 * const signal = new WakeSignal();
 * signal.notify();
 * await signal.wait(1_000); // resolves at once: the notification was kept
 * ```
 */
export class WakeSignal {
  #notified = false;
  #wake: (() => void) | undefined;

  /** Wakes the loop, now or at its next `wait`. */
  notify(): void {
    this.#notified = true;
    this.#wake?.();
  }

  /**
   * Resolves at the next notification, or after `milliseconds` if given. Only one loop may wait at a time.
   * Never rejects.
   */
  async wait(milliseconds?: number): Promise<void> {
    if (!this.#notified) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>(resolve => {
        this.#wake = resolve;
        if (milliseconds !== undefined) timer = setTimeout(resolve, milliseconds);
      });
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#notified = false;
  }
}
