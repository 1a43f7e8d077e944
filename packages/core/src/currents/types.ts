/** One Currents event as the Custom HTTP connector sends it. Every field may be absent, null or drifted on the wire. */
export interface CurrentsEvent {
  event_type: string;
  /** The event's identity: the same event re-sent has the same id. */
  id: string;
  /** UNIX seconds. */
  time: number;
  user: CurrentsUser;
  properties: Record<string, unknown>;
}

export interface CurrentsUser {
  /** Braze's own id of the user. */
  user_id?: string | null;
  /** The customer's id of the user: Mixpanel's distinct id. */
  external_user_id?: string | null;
  device_id?: string | null;
  timezone?: string | null;
}

export type PropertyType = 'string' | 'float' | 'int' | 'boolean';

/** One property of a catalogue entry. */
export interface CatalogueProperty {
  /** Name on the Currents wire. */
  readonly wire: string;
  /** Name in Mixpanel; the same as on the wire unless a rule says otherwise. */
  readonly mixpanel: string;
  readonly type: PropertyType;
}

/** Everything the project knows about one event type; schema, mapping, sample and documentation derive from it. */
export interface CatalogueEntry {
  /** Braze's event type, for example `users.messages.email.Send`. */
  readonly eventType: string;
  /** Mixpanel's event name; for custom events the placeholder `<Custom Event Name>`. */
  readonly name: string;
  readonly section: string;
  readonly kind: 'customer_behavior' | 'message_engagement';
  readonly properties: readonly CatalogueProperty[];
  /** Custom events: wire property that holds the name, and the prefix it gets in Mixpanel. */
  readonly naming?: { readonly wire: string; readonly prefix: string };
  /** Custom events and purchases: the object of free properties, and the prefix each key gets in Mixpanel. */
  readonly free?: { readonly wire: string; readonly prefix: string };
}

/** A dated set of catalogue entries; each connection uses one. */
export interface CatalogueVersion {
  readonly id: string;
  readonly entries: readonly CatalogueEntry[];
  readonly byType: ReadonlyMap<string, CatalogueEntry>;
}
