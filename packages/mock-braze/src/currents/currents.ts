/** Every Current of the workspace, and the events that happen in it. */

import type { Emission } from './answers.ts';
import { Current, type CurrentPorts, type EmittedEvent } from './current.ts';
import type { CurrentDefinition } from './definition.ts';
import { type EmissionOrder, ordered } from './emission-order.ts';

export class Currents {
  readonly #currents = new Map<string, Current>();
  readonly #ports: CurrentPorts;
  #made = 0;

  constructor(ports: CurrentPorts) {
    this.#ports = ports;
  }

  list(): Current[] {
    return [...this.#currents.values()];
  }

  get(id: string): Current | undefined {
    return this.#currents.get(id);
  }

  create(definition: CurrentDefinition, id = this.#nextId()): Current {
    const current = new Current(id, definition, this.#ports);
    this.#currents.set(id, current);
    return current;
  }

  /** Its queues are lost with it. */
  delete(id: string): boolean {
    this.#currents.get(id)?.close();
    return this.#currents.delete(id);
  }

  /**
   * Events happen: every launched Current that selected their type queues them. With `flush` everything queued is sent at
   * once, and the report comes when each batch had its first attempt, with what follows from the answer at once (one by
   * one after 400, halves after 413); else only full batches leave, and the rest waits for the flush interval.
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
    this.#made = 0;
  }

  #nextId(): string {
    do this.#made += 1;
    while (this.#currents.has(`current-${this.#made}`));
    return `current-${this.#made}`;
  }
}

export function readEvents(events: readonly unknown[]): EmittedEvent[] {
  return events.map((event, index) => ({ event, eventType: eventTypeOf(event), index }));
}

function eventTypeOf(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, 'event_type')) return undefined;
  const { event_type: eventType } = event as { event_type?: unknown };
  return typeof eventType === 'string' && eventType !== '' ? eventType : undefined;
}
