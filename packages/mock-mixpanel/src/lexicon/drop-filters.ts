import * as z from 'zod';
import { matchesAll } from '../cohorts/property-filter.ts';
import type { StoredEvent } from '../events/stored-event.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A drop filter: an event, and values of at least one of its properties, all of which have to match. */
export const dropFilterSchema = z.strictObject({
  event: z.string().min(1),
  where: z
    .array(z.strictObject({ property: z.string().min(1), equals: z.union([scalar, z.array(scalar).min(1)]) }))
    .min(1),
});

export interface DropFilter extends z.output<typeof dropFilterSchema> {
  /** Such as `filter-1`. */
  readonly id: string;
  /** Number of events that it dropped. */
  readonly dropped: number;
}

/** Source: Mixpanel documentation, "Data Clean-Up: Drop Filters", read 2026-08. */
export const mostDropFilters = 15;

/** The drop filters of the project. */
export class DropFilters {
  readonly #filters = new Map<string, DropFilter>();
  #last = 0;

  list(): DropFilter[] {
    return [...this.#filters.values()];
  }

  /** Adds a filter; `undefined` if there are 15. */
  add(filter: z.output<typeof dropFilterSchema>, dropped = 0): DropFilter | undefined {
    if (this.#filters.size >= mostDropFilters) return undefined;
    this.#last += 1;
    const added = { id: `filter-${this.#last}`, ...filter, dropped };
    this.#filters.set(added.id, added);
    return added;
  }

  delete(id: string): boolean {
    return this.#filters.delete(id);
  }

  /** Whether a filter matches an event. The first one that does counts it. */
  drops({ event, properties }: StoredEvent): boolean {
    for (const filter of this.#filters.values()) {
      if (filter.event !== event || !matchesAll(filter.where, properties)) continue;
      this.#filters.set(filter.id, { ...filter, dropped: filter.dropped + 1 });
      return true;
    }
    return false;
  }

  reset(): void {
    this.#filters.clear();
    this.#last = 0;
  }
}
