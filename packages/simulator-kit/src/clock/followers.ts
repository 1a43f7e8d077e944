import type { FollowerAnswer, FollowerPost, FollowerReading } from '@braze-mixpanel/simulated-clock';

/** Time limits of the leader towards its followers, in real milliseconds. */
export interface Patience {
  /** Longest hold of a poll while nothing changes. */
  readonly hold: number;
  /**
   * Hold of a poll of a follower that still works: short, so that it can report, but not zero, so that its
   * loop does not spin.
   */
  readonly heartbeat: number;
  /** A follower without a post for this long is forgotten. */
  readonly silence: number;
}

export const defaultPatience: Patience = { hold: 15_000, heartbeat: 250, silence: 30_000 };

interface Follower {
  readonly name: string;
  acknowledged: number;
  idle: boolean;
  worked: boolean;
  nextDue: number | null;
  nextName: string | null;
  /** When it last posted, in monotonic ms. */
  seenAt: number;
  /** Answers its held poll. */
  release: (() => void) | undefined;
}

/**
 * The followers of one leading clock.
 *
 * A follower posts in a loop; its poll is held until the leader's revision differs from the posted one. A
 * post of the leader's revision with `idle` means that the follower has caught up and has no work. If the
 * connection of a held poll breaks, its follower is forgotten at once (and known again from its next post);
 * without a post it is forgotten after `silence`.
 */
export class Followers {
  readonly #known = new Map<string, Follower>();
  readonly #patience: Patience;
  readonly #monotonic: () => number;
  readonly #reading: () => FollowerAnswer;
  #watchers: (() => void)[] = [];

  constructor(options: { patience: Patience; monotonic: () => number; reading: () => FollowerAnswer }) {
    this.#patience = options.patience;
    this.#monotonic = options.monotonic;
    this.#reading = options.reading;
  }

  async post(post: FollowerPost, signal?: AbortSignal): Promise<FollowerAnswer> {
    const follower = this.#record(post);
    if (post.revision === this.#reading().revision) await this.#held(follower, signal);
    follower.seenAt = this.#monotonic();
    return this.#reading();
  }

  /** Answers all held polls, since there is a new revision. */
  announce(): void {
    for (const follower of this.#known.values()) follower.release?.();
  }

  /**
   * Resolves when every follower has caught up with `revision` and has no work, to the names of those that
   * worked since the last call.
   */
  async atRest(revision: number): Promise<string[]> {
    for (;;) {
      this.#dropSilent();
      const followers = [...this.#known.values()];
      if (followers.every(follower => follower.idle && follower.acknowledged >= revision)) {
        const worked = followers.filter(follower => follower.worked).map(follower => follower.name);
        for (const follower of followers) follower.worked = false;
        return worked;
      }
      await this.#change();
    }
  }

  /** The earliest timer of a follower after `now`. */
  nextDueAfter(now: number): number | null {
    const dues = [...this.#known.values()].flatMap(({ nextDue }) =>
      nextDue !== null && nextDue > now ? [nextDue] : [],
    );
    return dues.length === 0 ? null : dues.reduce((least, due) => Math.min(least, due));
  }

  list(): FollowerReading[] {
    this.#dropSilent();
    return [...this.#known.values()].map(({ name, acknowledged, idle, nextDue, nextName }) => ({
      follower: name,
      revision: acknowledged,
      idle,
      nextDue,
      nextName,
    }));
  }

  #record(post: FollowerPost): Follower {
    const follower: Follower = this.#known.get(post.follower) ?? {
      name: post.follower,
      acknowledged: 0,
      idle: false,
      worked: false,
      nextDue: null,
      nextName: null,
      seenAt: 0,
      release: undefined,
    };
    follower.release?.();
    this.#known.set(post.follower, follower);
    // A revision that this leader does not have yet comes from an earlier leader.
    follower.acknowledged = post.revision > this.#reading().revision ? 0 : post.revision;
    follower.idle = post.idle;
    follower.worked ||= post.worked;
    follower.nextDue = post.nextDue;
    follower.nextName = post.nextName;
    follower.seenAt = this.#monotonic();
    this.#notify();
    return follower;
  }

  #held(follower: Follower, signal: AbortSignal | undefined): Promise<void> {
    return new Promise(resolve => {
      const release = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', lost);
        if (follower.release === release) follower.release = undefined;
        resolve();
      };
      const lost = () => {
        if (follower.release === release) this.#drop(follower);
        release();
      };
      const timer = setTimeout(release, follower.idle ? this.#patience.hold : this.#patience.heartbeat);
      timer.unref();
      follower.release = release;
      if (signal?.aborted) lost();
      else signal?.addEventListener('abort', lost, { once: true });
    });
  }

  #dropSilent(): void {
    const limit = this.#monotonic() - this.#patience.silence;
    for (const follower of this.#known.values()) {
      if (follower.release === undefined && follower.seenAt < limit) this.#drop(follower);
    }
  }

  #drop(follower: Follower): void {
    this.#known.delete(follower.name);
    this.#notify();
  }

  /** Resolves at the next post or loss of a follower, or when silent followers are due for a check. */
  #change(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, Math.min(1_000, this.#patience.silence));
      this.#watchers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #notify(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}
