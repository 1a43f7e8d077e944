import * as z from 'zod';
import type { Cohort, CohortStore } from '../cohorts/cohort-store.ts';
import { brazeDestination } from './braze-destination.ts';
import type { CohortExport, Destination, DestinationSettings } from './destination.ts';
import { createSend, type SendOptions } from './send.ts';
import { nextState, type SyncEvent, type SyncMode, type SyncState } from './state.ts';
import { keysOf, SyncMemory } from './sync-memory.ts';
import { webhookDestination } from './webhook-destination.ts';

export const syncRunSchema = z
  .object({
    startedAt: z.number(),
    kind: z.enum(['full', 'difference']),
    /** Number of members of the cohort at that time. */
    members: z.int(),
    joined: z.int(),
    left: z.int(),
    requests: z.int(),
    retries: z.int(),
    outcome: z.enum(['succeeded', 'failed', 'refused']),
    /** Status of the answer that refused it or made it fail; `null` after a success and without an answer. */
    status: z.int().nullable(),
    error: z.string().nullable(),
  })
  .readonly();

/** One run of a sync. Times are simulated milliseconds since 1970. */
export type SyncRun = z.output<typeof syncRunSchema>;

export interface SyncSettings {
  readonly id: string;
  readonly cohortId: number;
  readonly mode: SyncMode;
  /** Simulated milliseconds between two runs of a dynamic sync. */
  readonly interval: number;
  readonly destination: DestinationSettings;
  /** The connected destination that it belongs to, by its ID. */
  readonly connectedTo?: string | undefined;
}

export interface SyncSurroundings extends SendOptions {
  readonly projectId: string;
  readonly cohorts: CohortStore;
  readonly clock: { now(): number };
  readonly newSessionId: () => string;
}

/** Maximum number of runs in the history. */
const kept = 100;

/** A sync of one cohort to one destination. Runs never overlap; a run sends the cohort as of its start. */
export class CohortSync {
  readonly #surroundings: SyncSurroundings;
  #settings: SyncSettings;
  #destination: Destination;
  readonly #memory = new SyncMemory();
  readonly #history: SyncRun[] = [];
  #lastRun: SyncRun | null = null;
  readonly #stopped = new AbortController();
  #state: SyncState = 'waiting';
  #reason: string | null = null;

  constructor(settings: SyncSettings, surroundings: SyncSurroundings) {
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#destination = destinationOf(settings.destination);
  }

  get settings(): SyncSettings {
    return this.#settings;
  }

  get state(): SyncState {
    return this.#state;
  }

  /** The reason for a pause. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Newest first. */
  get history(): readonly SyncRun[] {
    return this.#history;
  }

  /** The latest run since the sync was created or connected again; `null` before the first. */
  get lastRun(): SyncRun | null {
    return this.#lastRun;
  }

  snapshot(): { at: number; size: number } | undefined {
    return this.#memory.snapshot(this.#surroundings.clock.now());
  }

  /** Sends to another address, or with another key, from the next run on. */
  connect(destination: DestinationSettings): void {
    this.#settings = { ...this.#settings, destination };
    this.#lastRun = null;
    this.#destination = destinationOf(destination);
  }

  pause(reason: string): void {
    this.#change('pause', reason);
  }

  /** Starts a paused sync. Returns `false` if it was not paused. */
  start(): boolean {
    return this.#change('start');
  }

  /** Aborts a run in progress. The sync can't be used afterwards. */
  stop(): void {
    this.#stopped.abort();
  }

  /** Runs once, to completion; `undefined` if the state does not allow a run. */
  async run(): Promise<SyncRun | undefined> {
    if (!this.#change('begin')) return undefined;
    const cohort = this.#surroundings.cohorts.get(this.settings.cohortId);
    if (cohort === undefined) {
      this.#change('refuse', `cohort ${this.settings.cohortId} does not exist`);
      return undefined;
    }
    const destination = this.#destination;
    const run = await this.#export(cohort);
    if (destination === this.#destination) this.#lastRun = run;
    this.#history.unshift(run);
    this.#history.length = Math.min(this.#history.length, kept);
    this.#change(run.outcome === 'refused' ? 'refuse' : 'end', run.error);
    return run;
  }

  async #export(cohort: Cohort): Promise<SyncRun> {
    const { clock, cohorts, newSessionId, projectId } = this.#surroundings;
    const startedAt = clock.now();
    const members = cohorts.users(cohort);
    const keys = keysOf(members, this.#destination.keyOf);
    const change = this.#memory.compare(keys, startedAt);
    const profileOf = (distinctId: string) => cohorts.profileOf(distinctId);
    const sent = await this.#send({ cohort, projectId, sessionId: newSessionId(), ...change, profileOf });
    if (sent.outcome === 'succeeded') this.#memory.succeeded(keys, startedAt);
    else this.#memory.failed(keys);
    return {
      startedAt,
      kind: change.kind,
      members: members.distinctIds.length,
      joined: change.join.length,
      left: change.leave.length,
      ...sent,
    };
  }

  /** Sends the requests of an export in sequence, until one is rejected. */
  async #send(
    cohortExport: CohortExport,
  ): Promise<Pick<SyncRun, 'requests' | 'retries' | 'outcome' | 'status' | 'error'>> {
    const signal = AbortSignal.any([this.#surroundings.signal, this.#stopped.signal]);
    const send = createSend(this.#destination, { ...this.#surroundings, signal });
    let requests = 0;
    let retries = 0;
    for (const request of this.#destination.requestsOf(cohortExport)) {
      const outcome = await send(request);
      requests++;
      retries += outcome.retries;
      if (outcome.kind === 'taken') continue;
      const { kind, status, why } = outcome;
      return { requests, retries, outcome: kind, status: status ?? null, error: why };
    }
    return { requests, retries, outcome: 'succeeded', status: null, error: null };
  }

  #change(event: SyncEvent, reason: string | null = null): boolean {
    const next = nextState(this.#state, event, this.settings.mode);
    if (next === undefined) return false;
    if (next !== 'paused' && next !== 'pausing') this.#reason = null;
    else this.#reason = reason ?? this.#reason;
    this.#state = next;
    return true;
  }
}

function destinationOf(settings: DestinationSettings): Destination {
  return settings.type === 'braze' ? brazeDestination(settings) : webhookDestination(settings);
}
