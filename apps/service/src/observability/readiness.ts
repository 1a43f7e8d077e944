import type { Storage } from '@braze-mixpanel/storage';

/** Whether a batch can be made durable right now; `reason` is a sentence for the operator. */
export type Readiness = { ready: true } | { ready: false; reason: string };

const freshMs = 1_000;

/**
 * Readiness of storage, for `/readyz`: can a batch be made durable? The state of the vendors is no part of
 * it.
 *
 * A failed append makes the service not ready until a small durable write succeeds. Such a write is tried at
 * most once a second, for every request and, while not ready, by a timer, so that the service recovers
 * without a request.
 */
export class StorageReadiness {
  readonly #probe: Storage['probe'];
  readonly #monotonic: () => number;
  readonly #onChange: (readiness: Readiness) => void;
  #last: Readiness = { ready: true };
  #checkedAt = Number.NEGATIVE_INFINITY;
  #running: Promise<Readiness> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    probe: Storage['probe'],
    options: { monotonic: () => number; onChange: (readiness: Readiness) => void },
  ) {
    this.#probe = probe;
    this.#monotonic = options.monotonic;
    this.#onChange = options.onChange;
  }

  async check(): Promise<Readiness> {
    if (this.#stopped) return { ready: false, reason: 'The service is stopping.' };
    if (this.#monotonic() - this.#checkedAt < freshMs) return this.#last;
    this.#running ??= this.#tryWrite().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Records that a batch could not be stored: not ready from now on, until a write succeeds. */
  appendFailed(cause: unknown): void {
    this.#become({ ready: false, reason: sentence(cause) });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #tryWrite(): Promise<Readiness> {
    const health = await this.#probe().catch(cause => ({ ok: false as const, reason: sentence(cause) }));
    return this.#become(health.ok ? { ready: true } : { ready: false, reason: health.reason });
  }

  #become(next: Readiness): Readiness {
    const changed = next.ready !== this.#last.ready;
    this.#last = next;
    this.#checkedAt = this.#monotonic();
    if (changed) this.#onChange(next);
    clearTimeout(this.#timer);
    if (!next.ready && !this.#stopped) {
      this.#timer = setTimeout(() => void this.check(), freshMs + 1);
      this.#timer.unref();
    }
    return next;
  }
}

const sentence = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
