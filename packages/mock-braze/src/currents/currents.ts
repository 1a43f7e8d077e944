/** All Currents of a workspace, and the events emitted in it. */

import type { Emission } from './answers.ts';
import { Current, type CurrentPorts, type EmittedEvent } from './current.ts';
import type { CurrentDefinition } from './definition.ts';
import { Deliveries } from './deliveries.ts';
import { type EmissionOrder, ordered } from './emission-order.ts';

export class Currents {
  readonly #currents = new Map<string, Current>();
  readonly #ports: CurrentPorts;
  /** The requests that they sent. */
  readonly deliveries = new Deliveries();
  #made = 0;

  constructor(ports: CurrentPorts) {
    this.#ports = ports;
  }

  /** Whether storage Currents have a place for their files. */
  get canStore(): boolean {
    return this.#ports.store !== undefined;
  }

  list(): Current[] {
    return [...this.#currents.values()];
  }

  get(id: string): Current | undefined {
    return this.#currents.get(id);
  }

  create(definition: CurrentDefinition, id = this.#nextId()): Current {
    const current = new Current(id, definition, {
      ...this.#ports,
      clock: timersOf(id, this.#ports.clock),
      onSent: sent => this.deliveries.add({ ...sent, current: id }),
    });
    this.#currents.set(id, current);
    return current;
  }

  /** Deletes a Current with its queues. */
  delete(id: string): boolean {
    this.#currents.get(id)?.close();
    return this.#currents.delete(id);
  }

  /**
   * Emits events: every launched Current that selected their type queues them. With `flush` everything queued
   * is sent at once, and the report follows when each batch had its first attempt and the immediate retries
   * (single events after a 400, halves after a 413). Otherwise only full batches are sent, and the rest waits
   * for the flush interval.
   */
  async emit(events: readonly unknown[], flush: boolean, order: EmissionOrder): Promise<Emission> {
    const emitted = ordered(readEvents(events), order, this.#ports.random);
    const lost = this.list().flatMap(current => current.enqueue(emitted));
    const attempts = await Promise.all(this.list().map(current => current.send(flush)));
    const duplicated = emitted.length - events.length;
    return { emitted: events.length, duplicated, attempts: attempts.flat(), lost };
  }

  clear(): void {
    for (const id of [...this.#currents.keys()]) this.delete(id);
    this.deliveries.clear();
    this.#made = 0;
  }

  #nextId(): string {
    do this.#made += 1;
    while (this.#currents.has(`current-${this.#made}`));
    return `current-${this.#made}`;
  }
}

/** The clock, on which the timers of a Current have its ID in their names: `current-1: Currents flush of …`. */
const timersOf = (current: string, clock: CurrentPorts['clock']): CurrentPorts['clock'] => ({
  now: () => clock.now(),
  schedule: (at, job, name) => clock.schedule(at, job, `${current}: ${name ?? 'timer'}`),
});

export function readEvents(events: readonly unknown[]): EmittedEvent[] {
  return events.map((event, index) => ({ event, eventType: eventTypeOf(event), index }));
}

function eventTypeOf(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, 'event_type')) return undefined;
  const { event_type: eventType } = event as { event_type?: unknown };
  return typeof eventType === 'string' && eventType !== '' ? eventType : undefined;
}
