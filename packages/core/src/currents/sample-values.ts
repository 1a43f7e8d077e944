import type { CatalogueProperty } from './types.ts';

/** Source of numbers in [0, 1), like `Math.random`. */
export type Random = () => number;

type Sample = (random: Random) => unknown;

/**
 * Plausible values by property name; other properties get a value by type. All names, numbers and hosts are
 * reserved for examples.
 */
const samples: Readonly<Record<string, Sample>> = {
  platform: oneOf('ios', 'android', 'web'),
  os_version: oneOf('15.5', '12', '14.8.1'),
  device_model: oneOf('iPhone14,2', 'Pixel 6', 'SM-G991B'),
  campaign_name: oneOf('Welcome series', 'Cart reminder', 'Spring sale'),
  canvas_name: oneOf('Onboarding', 'Win-back', 'Trial to paid'),
  canvas_variation_name: oneOf('Variation 1', 'Control'),
  canvas_step_name: oneOf('Day 1', 'Day 3'),
  email_address: random => `user${whole(random, 1, 9999)}@example.com`,
  user_agent: oneOf(
    'Mozilla/5.0 (iPhone; CPU iPhone OS 15_5 like Mac OS X)',
    'Mozilla/5.0 (Windows NT 10.0)',
  ),
  machine_open: oneOf('true'),
  url: random => `https://example.com/offers/${whole(random, 1, 99)}`,
  link_alias: oneOf('hero-button', 'footer-link'),
  to_phone_number: phoneNumber,
  from_phone_number: phoneNumber,
  inbound_phone_number: phoneNumber,
  user_phone_number: phoneNumber,
  error: oneOf('The destination handset is unavailable'),
  provider_error_code: oneOf('30003', '30005'),
  action: oneOf('subscribed', 'unsubscribed', 'none'),
  message_body: oneOf('STOP', 'START', 'Hello'),
  subscription_status: oneOf('Subscribed', 'Unsubscribed'),
  button_id: oneOf('0', '1'),
  source: oneOf('Example Ads', 'Organic'),
  product_id: random => `sku-${whole(random, 100, 999)}`,
  price: random => whole(random, 99, 9999) / 100,
  currency: oneOf('USD', 'EUR', 'JPY'),
  duration: random => whole(random, 1, 36_000) / 10,
  longitude: random => whole(random, -1_800_000, 1_800_000) / 10_000,
  latitude: random => whole(random, -900_000, 900_000) / 10_000,
  altitude: random => whole(random, 0, 20_000) / 10,
  ll_accuracy: random => whole(random, 10, 1000) / 10,
  alt_accuracy: random => whole(random, 10, 1000) / 10,
  conversion_behavior_index: random => whole(random, 0, 3),
  conversion_behavior: oneOf(
    '{"type":"Starts Session","window":259200}',
    '{"type":"Makes Purchase","window":86400}',
  ),
};

export function sampleValue({ wire, type }: CatalogueProperty, random: Random): unknown {
  const sample = Object.hasOwn(samples, wire) ? samples[wire] : undefined;
  if (sample) return sample(random);
  switch (type) {
    case 'string':
      return uuid(random);
    case 'float':
      return whole(random, 1, 9999) / 100;
    case 'int':
      return whole(random, 0, 99);
    case 'boolean':
      return random() < 0.5;
  }
}

/** Free properties as an app might set them: scalars, a list, and objects three levels deep. */
export function sampleFreeProperties(random: Random): Record<string, unknown> {
  return {
    quantity: whole(random, 1, 9),
    gift: random() < 0.5,
    colour: oneOf('red', 'green', 'blue')(random),
    tags: ['sale', oneOf('new', 'last chance')(random)],
    cart: {
      total: whole(random, 99, 9999) / 100,
      shipping: { method: 'express', days: whole(random, 1, 5) },
    },
  };
}

/** A version 4 UUID. */
export function uuid(random: Random): string {
  let text = '';
  for (let digit = 0; digit < 32; digit++) {
    if (digit === 8 || digit === 12 || digit === 16 || digit === 20) text += '-';
    if (digit === 12) text += '4';
    else if (digit === 16) text += whole(random, 8, 11).toString(16);
    else text += whole(random, 0, 15).toString(16);
  }
  return text;
}

function oneOf(...values: [string, ...string[]]): (random: Random) => string {
  return random => values[Math.floor(random() * values.length)] ?? values[0];
}

/** 555-0100 to 555-0199 are reserved for fiction. */
function phoneNumber(random: Random): string {
  return `+120255501${String(whole(random, 0, 99)).padStart(2, '0')}`;
}

function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}
