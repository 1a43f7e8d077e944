/** A Current: its definition, its state, and its sender, which runs while the Current is launched. */
import { catalogue2026_07 } from '@braze-mixpanel/core/currents';
import { mixpanelHosts } from '@braze-mixpanel/core/mixpanel';
import type { Attempt } from './attempt.ts';
import { type Connector, mixed } from './connector.ts';
import { type CurrentAction, type CurrentState, nextState } from './current-state.ts';
import { customHttpConnector } from './custom-http.ts';
import type { CurrentDefinition } from './definition.ts';
import { catalogueVersionOf } from './generation.ts';
import { mixpanelExportConnector } from './mixpanel-export.ts';
import { type Selection, selectionOf, selects } from './selection.ts';
import { CurrentsSender } from './sender.ts';
import type { SenderPorts, SenderSettings } from './sender-ports.ts';
import type { FileStore } from './storage/file-store.ts';
import { storageExportConnector } from './storage/storage-export.ts';
import { WrittenFiles } from './storage/written-files.ts';

export interface CurrentSettings extends SenderSettings {
  /** Maximum batch size of the Custom HTTP connector; Braze: up to 100 by default, configurable. */
  readonly batchSize: number;
}

export interface CurrentPorts extends Omit<SenderPorts, 'onDisable' | 'settings'> {
  readonly settings: () => CurrentSettings;
  /** Where storage Currents write their files; absent: nowhere. */
  readonly store?: FileStore | undefined;
  /** The integration ID in the paths of a Current's files. */
  readonly integrationId: (current: string) => string;
}

/** An emitted event, parsed once for all Currents. */
export interface EmittedEvent {
  readonly event: unknown;
  /** `undefined` if it is missing or not a string. */
  readonly eventType: string | undefined;
  /** Index among the events emitted together. */
  readonly index: number;
}

/** An event that Braze itself dropped, and the reason. */
export interface LostEvent {
  readonly current: string;
  readonly index: number;
  readonly reason: string;
}

/** The name of the queue for events without a valid event type. */
const untyped = '(no event type)';

export class Current {
  readonly id: string;
  #definition: CurrentDefinition;
  #selection: Selection;
  #state: CurrentState = 'draft';
  #connector: Connector;
  readonly #sender: CurrentsSender;
  readonly #ports: CurrentPorts;
  readonly #files = new WrittenFiles();
  readonly #skipped = new Map<string, number>();
  #missed = 0;

  constructor(id: string, definition: CurrentDefinition, ports: CurrentPorts) {
    this.id = id;
    this.#definition = definition;
    this.#selection = selectionOf(definition.events);
    this.#ports = ports;
    this.#connector = this.#connect();
    this.#sender = new CurrentsSender(this.#connector, {
      ...ports,
      onDisable: () => this.#become('disable'),
    });
  }

  get state(): CurrentState {
    return this.#state;
  }

  get definition(): CurrentDefinition {
    return this.#definition;
  }

  /**
   * Launches the Current, also after a pause or disabling, and sends its queues at once. Returns `false` if
   * the state forbids it.
   */
  async launch(): Promise<boolean> {
    if (!this.#become('launch')) return false;
    await this.#sender.resume();
    return true;
  }

  /**
   * Pauses the Current. Its queues are kept, and events of the meantime are lost. Returns `false` if the
   * state forbids it.
   */
  pause(): boolean {
    if (!this.#become('pause')) return false;
    this.#sender.stop();
    return true;
  }

  /** Restores the state of a snapshot, with empty queues. */
  async enter(state: CurrentState): Promise<void> {
    if (state === 'launched') await this.launch();
    else this.#state = state;
  }

  /**
   * Replaces the definition for everything sent from now on, and retries held batches. For `overlap`
   * milliseconds on the simulation clock, half of the requests, chosen at random, still use the old one.
   */
  async change(definition: CurrentDefinition, overlap: number): Promise<void> {
    const { clock, random } = this.#ports;
    const until = clock.now() + overlap;
    const old = this.#connector;
    this.#definition = definition;
    this.#selection = selectionOf(definition.events);
    this.#connector = this.#connect();
    this.#sender.connect(mixed(this.#connector, old, () => clock.now() < until && random() < 0.5));
    if (this.#state === 'launched') await this.#sender.resume();
  }

  /** Sends a credential probe: an empty batch. */
  probe(): Promise<Attempt> {
    return this.#sender.once('(credential probe)', []);
  }

  /**
   * Sends test events ("Send test events"): one request per event, in any state, outside the queues and
   * without retry.
   */
  async test(events: readonly EmittedEvent[]): Promise<Attempt[]> {
    const attempts: Attempt[] = [];
    for (const emitted of events) {
      const encoded = this.#connector.encode(emitted.event);
      if (!this.accepts(emitted) || encoded.kind !== 'send') continue;
      attempts.push(await this.#sender.once(emitted.eventType ?? untyped, [encoded.text]));
    }
    return attempts;
  }

  /** Only storage Currents have the event types that Braze's glossary lists for files alone. */
  accepts({ eventType }: EmittedEvent): boolean {
    if (!selects(this.#selection, eventType)) return false;
    const isStored = this.#definition.kind === 'storage';
    return isStored || !catalogue2026_07.byType.get(eventType ?? '')?.storageOnly;
  }

  /**
   * Queues the selected events, and returns those that Braze can't send. A Current that is not launched
   * misses them.
   */
  enqueue(events: readonly EmittedEvent[]): LostEvent[] {
    const lost: LostEvent[] = [];
    for (const emitted of events) {
      if (!this.accepts(emitted)) continue;
      if (this.#state !== 'launched') {
        this.#missed += 1;
        continue;
      }
      const encoded = this.#connector.encode(emitted.event);
      if (encoded.kind === 'send') {
        this.#sender.enqueue(emitted.eventType ?? untyped, encoded.text);
      } else if (encoded.kind === 'skipped') {
        this.#skipped.set(encoded.reason, (this.#skipped.get(encoded.reason) ?? 0) + 1);
      } else {
        this.#sender.drop(encoded.reason);
        lost.push({ current: this.id, index: emitted.index, reason: encoded.reason });
      }
    }
    return lost;
  }

  /** Sends queued events: all of them, or full batches only. */
  async send(everything: boolean): Promise<(Attempt & { readonly current: string })[]> {
    const attempts = await (everything ? this.#sender.flush() : this.#sender.sendFull());
    return attempts.map(attempt => ({ current: this.id, ...attempt }));
  }

  close(): void {
    this.#sender.close();
  }

  /**
   * The Current as the dashboard shows it, without secrets. `missed`: selected events that occurred while it
   * was not launched.
   */
  report() {
    const { kind, name, contactEmail, events, generation } = this.#definition;
    return {
      id: this.id,
      kind,
      name,
      contactEmail,
      ...this.#destination(),
      events,
      generation,
      state: this.#state,
      skipped: Object.fromEntries(this.#skipped),
      missed: this.#missed,
      ...this.#sender.report(),
    };
  }

  #become(action: CurrentAction): boolean {
    const next = nextState(this.#state, action);
    if (next === undefined) return false;
    this.#state = next;
    return true;
  }

  #connect(): Connector {
    const definition = this.#definition;
    if (definition.kind === 'custom-http') {
      return customHttpConnector({ ...definition, batchSize: () => this.#ports.settings().batchSize });
    }
    const catalogueVersion = catalogueVersionOf(definition.generation);
    if (definition.kind === 'storage') {
      const { store, random, integrationId } = this.#ports;
      const integration = { store, random, integrationId: integrationId(this.id) };
      return storageExportConnector({ definition, catalogueVersion, files: this.#files, ...integration });
    }
    return mixpanelExportConnector({
      apiUrl: apiUrlOf(definition),
      apiSecret: definition.apiSecret,
      mappingOptions: { catalogueVersion },
      now: () => this.#ports.clock.now(),
    });
  }

  #destination() {
    const definition = this.#definition;
    if (definition.kind === 'custom-http')
      return { endpoint: definition.endpoint, hasToken: definition.token !== undefined };
    if (definition.kind === 'mixpanel-export') return { apiUrl: apiUrlOf(definition) };
    const { folder, layout, codec, faults } = definition;
    return { folder, layout, codec, faults, files: this.#files.report() };
  }
}

function apiUrlOf({ apiUrl, region }: Extract<CurrentDefinition, { kind: 'mixpanel-export' }>): string {
  return apiUrl ?? mixpanelHosts[region].ingestion;
}
