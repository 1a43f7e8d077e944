import type { Users } from './cohort-store.ts';

/** Sessions that are remembered; the oldest is forgotten first. */
const remembered = 100;

/**
 * The sessions of `/engage`: a session is a snapshot of the users that its first page found, so that its pages fit together
 * whatever happens to the cohort meanwhile.
 */
export class EngageSessions {
  readonly #sessions = new Map<string, Users>();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  open(users: Users, now: number): string {
    const id = `${Math.floor(now / 1000)}-${Math.floor(this.#random() * 2 ** 48).toString(36)}`;
    this.#sessions.set(id, users);
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size > remembered) this.#sessions.delete(oldest);
    return id;
  }

  get(id: string): Users | undefined {
    return this.#sessions.get(id);
  }

  reset(): void {
    this.#sessions.clear();
  }
}
