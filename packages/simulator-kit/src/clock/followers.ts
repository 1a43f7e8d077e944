import type { FollowerAnswer, FollowerPost, FollowerReading } from '@braze-mixpanel/simulated-clock';

/** How long the leader waits for its followers, in real milliseconds. */
export interface Patience {
  /** A poll is held at most this long when nothing changes. */
  readonly hold: number;
  /** A poll that says "still working" is answered after this long, so that a poll loop does not spin. */
  readonly heartbeat: number;
  /** A follower that was not heard of for this long is dropped. */
  readonly silence: number;
}

export const defaultPatience: Patience = { hold: 15_000, heartbeat: 250, silence: 30_000 };

interface Follower {
  readonly name: string;
  acknowledged: number;
  idle: boolean;
  worked: boolean;
  nextDue: number | null;
  heardOf: number;
  /** Answers the poll that is being held. */
  release: (() => void) | undefined;
}

/**
 * The followers of one leading clock.
 *
 * A follower posts in a loop; its poll is held until the leader's revision differs from the one it knows. Posting the leader's
 * revision with `idle` means "I have caught up, and I rest". One whose connection breaks while its poll is held is forgotten at
 * once (a living one comes back with its next post); one that stays silent is forgotten after `silence`.
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
    const follower = this.#heard(post);
    if (post.revision === this.#reading().revision) await this.#held(follower, signal);
    follower.heardOf = this.#monotonic();
    return this.#reading();
  }

  /** Answers every poll that is being held: there is a new revision. */
  announce(): void {
    for (const follower of this.#known.values()) follower.release?.();
  }

  /** Resolves when every follower has caught up with `revision` and rests, to the names of those that worked since the last call. */
  async atRest(revision: number): Promise<string[]> {
    for (;;) {
      this.#dropSilent();
      const followers = [...this.#known.values()];
      if (followers.every(follower => follower.idle && follower.acknowledged >= revision)) {
        const worked = followers.filter(follower => follower.worked).map(follower => follower.name);
        for (const follower of followers) follower.worked = false;
        return worked;
      }
      await this.#news();
    }
  }

  /** The earliest moment after `now` at which a follower wants to wake. */
  nextDueAfter(now: number): number | null {
    const dues = [...this.#known.values()].flatMap(({ nextDue }) =>
      nextDue !== null && nextDue > now ? [nextDue] : [],
    );
    return dues.length === 0 ? null : dues.reduce((least, due) => Math.min(least, due));
  }

  list(): FollowerReading[] {
    this.#dropSilent();
    return [...this.#known.values()].map(({ name, acknowledged, idle, nextDue }) => ({
      follower: name,
      revision: acknowledged,
      idle,
      nextDue,
    }));
  }

  #heard(post: FollowerPost): Follower {
    const follower: Follower = this.#known.get(post.follower) ?? {
      name: post.follower,
      acknowledged: 0,
      idle: false,
      worked: false,
      nextDue: null,
      heardOf: 0,
      release: undefined,
    };
    follower.release?.();
    this.#known.set(post.follower, follower);
    // A revision this leader never gave out is one of a leader before it.
    follower.acknowledged = post.revision > this.#reading().revision ? 0 : post.revision;
    follower.idle = post.idle;
    follower.worked ||= post.worked;
    follower.nextDue = post.nextDue;
    follower.heardOf = this.#monotonic();
    this.#tell();
    return follower;
  }

  #held(follower: Follower, signal: AbortSignal | undefined): Promise<void> {
    return new Promise(resolve => {
      const release = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', gone);
        if (follower.release === release) follower.release = undefined;
        resolve();
      };
      const gone = () => {
        if (follower.release === release) this.#drop(follower);
        release();
      };
      const timer = setTimeout(release, follower.idle ? this.#patience.hold : this.#patience.heartbeat);
      timer.unref();
      follower.release = release;
      if (signal?.aborted) gone();
      else signal?.addEventListener('abort', gone, { once: true });
    });
  }

  #dropSilent(): void {
    const limit = this.#monotonic() - this.#patience.silence;
    for (const follower of this.#known.values()) {
      if (follower.release === undefined && follower.heardOf < limit) this.#drop(follower);
    }
  }

  #drop(follower: Follower): void {
    this.#known.delete(follower.name);
    this.#tell();
  }

  /** Resolves at the next post or departure, or when it is time to look for silent ones. */
  #news(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, Math.min(1_000, this.#patience.silence));
      this.#watchers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #tell(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}
