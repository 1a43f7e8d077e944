/**
 * Names of Braze's events that Mixpanel does not bill, if they carry `$partner_id: braze`. Mixpanel compares
 * the names exactly, as far as its documentation says.
 *
 * @see https://help.mixpanel.com/hc/en-us/articles/13530857626132-Billing-for-Events
 */
export const exemptEvents: ReadonlySet<string> = new Set([
  'Canvas Entry',
  'Email Send',
  'Email Delivery',
  'Email Bounce',
  'Email Soft Bounce',
  'Email Mark As Spam',
  'Email Unsubscribe',
  'Push Notification Send',
  'Push Notification Bounce',
  'Webhook Send',
  'SMS Send',
  'SMS Delivery',
  'SMS Delivery Failure',
  'SMS Rejection',
  'SMS Send to Carrier',
]);

/** Whether Mixpanel bills an event: see {@link billingOf}. */
export type Billing =
  | { readonly kind: 'exempt' | 'billed' }
  /** Billed only because the name's letter case differs from an exempt name, `exemptAs`. */
  | { readonly kind: 'spelled_differently'; readonly exemptAs: string };

const bySmallLetters = new Map([...exemptEvents].map(name => [name.toLowerCase(), name]));

/**
 * Whether Mixpanel bills events of a name, by its published list of exempt names.
 *
 * @example
 * ```ts
 * import { billingOf } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(billingOf('Email Send').kind, billingOf('Email Open').kind); // exempt billed
 * ```
 */
export function billingOf(name: string): Billing {
  if (exemptEvents.has(name)) return { kind: 'exempt' };
  const exemptAs = bySmallLetters.get(name.toLowerCase());
  return exemptAs === undefined ? { kind: 'billed' } : { kind: 'spelled_differently', exemptAs };
}
