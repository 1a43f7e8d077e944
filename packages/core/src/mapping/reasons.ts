/** Description of an outcome for an operator. */
interface Reason {
  /** Meaning, as a clause. */
  readonly meaning: string;
  /** What to do about it. */
  readonly next: string;
}

/** Reasons for which an event is deliberately not delivered. It is counted and not kept. */
export const skipReasons = {
  no_external_user_id: {
    meaning: '`user.external_user_id` is absent, null or blank: Mixpanel would not know whose event it is',
    next: 'nothing; identify users in Braze to have their later events',
  },
  not_selected: {
    meaning: 'the connection does not export this event type',
    next: 'nothing, or select the event type for the connection',
  },
  no_mixpanel_event: {
    meaning: 'Braze’s own export to Mixpanel has no event for this event type',
    next: 'nothing, or name the event type in `CURRENTS_EVENTS` to have it sent',
  },
  excluded: {
    meaning: 'an exclusion of the connection (`CURRENTS_EXCLUDE`) applies to the event',
    next: 'nothing, or change `CURRENTS_EXCLUDE`; excluded events are not kept',
  },
  already_in_mixpanel: {
    meaning:
      'a cut-over found the event in Mixpanel: another sender, such as the native integration, had delivered it',
    next: 'nothing',
  },
  shadow: {
    meaning: 'the batch was accepted in shadow mode: the event was mapped and checked, and not delivered',
    next: 'nothing; set `DELIVERY_MODE=live` to have later events delivered',
  },
  purged: {
    meaning: 'an operator deleted its dead letter',
    next: 'nothing; `GET /api/audit` says who did it',
  },
  forgotten: {
    meaning: 'an operator made the service forget this user, before or after the event arrived',
    next: 'nothing; `GET /api/audit` says who did it. If the user comes back, `forget --lift` has later events delivered',
  },
  expired: {
    meaning: 'its dead letter was older than `DEAD_LETTER_RETENTION`',
    next: 'handle dead letters earlier, or keep them longer',
  },
} as const satisfies Record<string, Reason>;

/** Reasons for which an event can't be delivered. It becomes a dead letter and is kept with its original. */
export const deadReasons = {
  not_an_object: {
    meaning: 'the element of `events` is not a JSON object',
    next: 'find out who sends it; Braze does not',
  },
  invalid_event_type: {
    meaning: '`event_type` is absent, empty or not a string',
    next: 'find out who sends it; Braze does not',
  },
  unknown_event_type: {
    meaning: 'the event catalogue of the connection has no such event type',
    next: 'upgrade, or choose a newer `CURRENTS_GENERATION`, then replay; `CURRENTS_UNKNOWN=send` sends such events under a name that derives from the type',
  },
  refused_distinct_id: {
    meaning:
      '`user.external_user_id` is a placeholder that Mixpanel rejects (`null`, `anonymous`, `0`, …), a number that JSON has rounded, or neither a string nor a number',
    next: 'correct the user’s external ID in Braze',
  },
  invalid_id: {
    meaning:
      '`id` is absent, empty, a number that JSON has rounded, or neither a string nor a number: Mixpanel could not recognize the event if it were sent again',
    next: 'find out who sends it; Braze does not',
  },
  invalid_time: {
    meaning: '`time` is not a number of UNIX seconds, or before 1971',
    next: 'find out who sends it; Braze does not',
  },
  time_ahead: {
    meaning:
      '`time` is more than a day ahead of the machine’s clock: no difference between two clocks is that large',
    next: 'check the machine’s clock, correct it and replay; or correct `time` with a fix, once you know the right one',
  },
  missing_event_name: {
    meaning: 'a custom event whose `name` is absent, empty or not a string',
    next: 'find out who sends it; Braze does not',
  },
  too_many_properties: {
    meaning: '255 or more properties in all, or as many elements in one list or object',
    next: 'send fewer properties with the custom event or purchase',
  },
  too_large: {
    meaning: 'the mapped event has 1 MB of JSON text or more',
    next: 'send less with the custom event or purchase',
  },
  too_deep: {
    meaning: 'a property nests deeper than 64 levels',
    next: 'send a flatter property with the custom event or purchase',
  },
} as const satisfies Record<string, Reason>;

/**
 * Markdown table of all reasons, for the documentation.
 *
 * @example
 * ```ts
 * import { reasonTable } from '@braze-mixpanel/core/mapping';
 *
 * console.log(reasonTable().split('\n')[0]); // | reason | outcome | what it means | what to do |
 * ```
 */
export function reasonTable(): string {
  const rows = [
    ['reason', 'outcome', 'what it means', 'what to do'],
    ['---', '---', '---', '---'],
    ...Object.entries(skipReasons).map(([reason, { meaning, next }]) => [
      `\`${reason}\``,
      'skipped',
      meaning,
      next,
    ]),
    ...Object.entries(deadReasons).map(([reason, { meaning, next }]) => [
      `\`${reason}\``,
      'dead letter',
      meaning,
      next,
    ]),
  ];
  return rows.map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
