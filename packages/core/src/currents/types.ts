/**
 * A Currents event as the Custom HTTP connector sends it. In a request, any field may be absent, null or of
 * another type.
 *
 * @see
 * https://www.braze.com/docs/user_guide/data/distribution/braze_currents/setting_up_currents/custom_http_connector/
 */
export interface CurrentsEvent {
  event_type: string;
  /** ID of the event; the same when Braze sends the event again. */
  id: string;
  /** Seconds since 1970. */
  time: number;
  user: CurrentsUser;
  properties: Record<string, unknown>;
}

/** User of a Currents event. */
export interface CurrentsUser {
  /** Braze's ID of the user. */
  user_id?: string | null;
  /** The user's ID in your system, which becomes Mixpanel's distinct ID. */
  external_user_id?: string | null;
  device_id?: string | null;
  timezone?: string | null;
}

/** Type of a listed property. `float` and `int` are JSON numbers, `string[]` is a list of strings. */
export type PropertyType = 'string' | 'float' | 'int' | 'boolean' | 'string[]';

/** A listed property of a catalogue entry. */
export interface CatalogueProperty {
  /** Name in the Currents event. */
  readonly wire: string;
  /** Name in Mixpanel; the same as in the Currents event, with few exceptions. */
  readonly mixpanel: string;
  readonly type: PropertyType;
  /** Object of the Currents event that has the property; `properties` by default. */
  readonly source?: 'user';
}

/** Catalogue entry of one event type. Its schema, mapping, sample and documentation derive from it. */
export interface CatalogueEntry {
  /** Braze's event type, for example `users.messages.email.Send`. */
  readonly eventType: string;
  /** Mixpanel's event name; for custom events the placeholder `<Custom Event Name>`. */
  readonly name: string;
  /** Section of Braze's page that lists the event type, such as `Email`. */
  readonly section: string;
  readonly kind: 'customer_behavior' | 'message_engagement';
  /** Listed properties, in the order of Braze's page. */
  readonly properties: readonly CatalogueProperty[];
  /** Of custom events: the property that contains the name, and the name's prefix in Mixpanel. */
  readonly naming?: { readonly wire: string; readonly prefix: string };
  /**
   * Of custom events and purchases: the property that contains the free properties, and the prefix of each
   * key in Mixpanel.
   */
  readonly free?: { readonly wire: string; readonly prefix: string };
  /** Fields of `user` that the Custom HTTP connector carries; absent: all. */
  readonly user?: readonly (keyof CurrentsUser)[];
  /** Properties that Braze's Custom HTTP connector carries and Braze's Mixpanel events lack. */
  readonly unlisted?: readonly CatalogueProperty[];
  /** Present if Braze does not document the name in Mixpanel: it is the title of the event type. */
  readonly nameUnconfirmed?: true;
  /** Present if Braze sends no Mixpanel event for the type: it is skipped unless it is selected by name. */
  readonly noMixpanelEvent?: true;
  /** Present if only the storage export has the event type, not the Custom HTTP connector. */
  readonly storageOnly?: true;
  /** Present if Braze has retired the event type: its glossary lacks it, an earlier catalogue version has it. */
  readonly retired?: true;
}

/** Dated set of catalogue entries. Each connection uses one. */
export interface CatalogueVersion {
  /** Year and month, such as `2022-06`. */
  readonly id: string;
  /** Entries in the order of Braze's page. */
  readonly entries: readonly CatalogueEntry[];
  /** Entries by Braze's event type. */
  readonly byType: ReadonlyMap<string, CatalogueEntry>;
}
