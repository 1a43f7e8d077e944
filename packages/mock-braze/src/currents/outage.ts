import type { Delivery } from './connector.ts';
import type { SenderPorts } from './sender-ports.ts';
import { Timer } from './timer.ts';

/** The jobs of an outage that lasts. */
interface OutageJobs {
  /** Called after `disableAfter` of continuous failure. */
  readonly disable: () => void;
  /** Called `keepAfterDisable` after that, unless the sender was resumed. */
  readonly discard: () => void;
}

/** The continuous failure of a Current, until a batch is accepted or the Current is disabled. */
export class Outage {
  readonly #ports: Pick<SenderPorts, 'clock' | 'settings'>;
  readonly #jobs: OutageJobs;
  readonly #disabling: Timer;
  readonly #discarding: Timer;
  #since: number | undefined;
  #lastFailure = '';
  /** The reason for disabling; kept until the sender resumes. */
  #disabled: { readonly since: number; readonly at: number; readonly reason: string } | undefined;

  constructor(ports: Pick<SenderPorts, 'clock' | 'settings'>, jobs: OutageJobs) {
    this.#ports = ports;
    this.#jobs = jobs;
    this.#disabling = new Timer(ports.clock, 'Currents disabling');
    this.#discarding = new Timer(ports.clock, 'Currents queue of a disabled Current');
  }

  get isActive(): boolean {
    return this.#since !== undefined;
  }

  /** Starts at the first failure since the last accepted batch. */
  fail(outcome: Delivery['outcome']): void {
    this.#lastFailure = failureOf(outcome);
    if (this.isActive) return;
    this.#since = this.#ports.clock.now();
    const { disableAfter } = this.#ports.settings().retry;
    if (disableAfter !== undefined) this.#disabling.start(disableAfter, () => this.#disable());
  }

  /** Ends the outage, after an accepted batch or a change of the Current. */
  recover(): void {
    this.#since = undefined;
    this.#disabling.stop();
  }

  /** Forgets that the Current was disabled, and keeps its queue. */
  resume(): void {
    this.#discarding.stop();
    this.#disabled = undefined;
  }

  close(): void {
    this.recover();
    this.#discarding.stop();
  }

  /** Times of the failure and of disabling. A disabled sender still shows the time of its first failure. */
  report() {
    return {
      failingSince: momentOf(this.#disabled?.since ?? this.#since),
      disabledAt: momentOf(this.#disabled?.at),
      disabledReason: this.#disabled?.reason ?? null,
    };
  }

  #disable(): void {
    const { clock, settings } = this.#ports;
    const now = clock.now();
    const since = this.#since ?? now;
    const reason = `no batch was accepted since ${momentOf(since)}, and the last one ${this.#lastFailure}. Launch the Current again to send its queue.`;
    this.#disabled = { since, at: now, reason };
    this.#discarding.start(settings().retry.keepAfterDisable, this.#jobs.discard);
    this.#jobs.disable();
  }
}

function failureOf(outcome: Delivery['outcome']): string {
  if (outcome && 'status' in outcome) return `was answered ${outcome.status}`;
  return `failed (${outcome && 'error' in outcome ? outcome.error : 'without a reason'})`;
}

function momentOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
