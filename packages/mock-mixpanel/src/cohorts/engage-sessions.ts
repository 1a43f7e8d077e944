import type { Users } from './cohort-store.ts';

/** Maximum number of kept sessions; the oldest is dropped first. */
const remembered = 100;

/**
 * The sessions of `/engage`. A session is a snapshot of the users found by its first page, so that its pages
 * are consistent when the cohort changes meanwhile.
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
