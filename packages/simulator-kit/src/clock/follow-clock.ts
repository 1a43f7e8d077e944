import {
  type ClockReading,
  type ClockTimers,
  type Follower,
  type FollowerAnswer,
  type FollowerPost,
  type FollowOptions,
  followLeader,
  type Job,
  messageOf,
} from '@braze-mixpanel/simulated-clock';
import { withoutTrailingSlashes } from '../slashes.ts';
import type { ClockCommand, ControlledClock } from './controlled-clock.ts';

/**
 * The clock of a simulator that follows another process's. To move this clock is to move the leader, and with
 * it all its followers.
 */
class FollowingClock implements ControlledClock {
  readonly #follower: Follower;
  readonly #report: (sentence: string) => void;

  constructor(follower: Follower, report: (sentence: string) => void) {
    this.#follower = follower;
    this.#report = report;
  }

  now(): number {
    return this.#follower.timeline.now();
  }

  get frozen(): boolean {
    return this.#follower.timeline.frozen;
  }

  get nextDue(): number | null {
    return this.#follower.timeline.nextDue;
  }

  schedule(at: number, job: Job, name?: string): () => void {
    return this.#follower.timeline.schedule(at, job, name);
  }

  async advance(milliseconds: number): Promise<void> {
    await this.change({ kind: 'advance', milliseconds });
  }

  async set(at: number): Promise<void> {
    await this.change({ kind: 'set', at });
  }

  freeze(): void {
    this.#setFrozen(true);
  }

  unfreeze(): void {
    this.#setFrozen(false);
  }

  timers(): ClockTimers {
    return this.#follower.timeline.timers();
  }

  reading(): Promise<ClockReading> {
    return this.#follower.leader.reading();
  }

  change(command: ClockCommand): Promise<ClockReading> {
    return this.#follower.leader.change(bodyOf(command));
  }

  /** Forwards a follower of this clock to the leader. */
  async follow(post: FollowerPost, signal?: AbortSignal): Promise<FollowerAnswer> {
    try {
      return await this.#follower.leader.follow(post, signal);
    } catch (error) {
      if (!this.#follower.closed) throw error;
      return this.#follower.position;
    }
  }

  close(): Promise<void> {
    return this.#follower.close();
  }

  /** Changes this clock at once, and the leader with its other followers a moment later. */
  #setFrozen(frozen: boolean): void {
    this.#follower.timeline.setFrozen(frozen);
    this.change({ kind: 'freeze', frozen }).catch(error => this.#report(messageOf(error)));
  }
}

function bodyOf(command: ClockCommand): Record<string, unknown> {
  if (command.kind === 'advance') return { advance: command.milliseconds };
  return command.kind === 'set' ? { set: command.at } : { freeze: command.frozen };
}

/**
 * Follows the clock of another process.
 *
 * @param url the leader's clock, for example `http://127.0.0.1:4020/_sim/clock`.
 * @throws Error if the leader cannot be reached within `giveUpAfter`.
 */
export async function followClock(url: string, options: FollowOptions = {}): Promise<ControlledClock> {
  const address = withoutTrailingSlashes(url);
  const { report = sentence => console.error(sentence) } = options;
  try {
    return new FollowingClock(await followLeader(address, { ...options, report }), report);
  } catch (cause) {
    throw new Error(
      `No clock at ${address} (${messageOf(cause)}). Set CLOCK_URL to the /_sim/clock address of a running simulator.`,
      { cause },
    );
  }
}
