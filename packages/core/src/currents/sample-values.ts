import { seededUuid } from './seeded-random.ts';
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
  message_variation_name: oneOf('Variant 1', 'Variant 2', 'Control'),
  experiment_split_name: oneOf('Path 1', 'Path 2'),
  progression_type: oneOf('NORMAL', 'EXIT'),
  exit_reason: oneOf('COMPLETED', 'AUDIENCE_MATCH'),
  ad_id_type: oneOf('ios_idfa', 'google_ad_id'),
  agent_name: oneOf('Subject line writer', 'Support triage'),
  model_name: oneOf('example-large', 'example-small'),
  model_provider: oneOf('Example AI'),
  tool_name: oneOf('search_catalog', 'get_user'),
  tool_arguments: oneOf('{"query":"shoes"}'),
  input: oneOf('Write a subject line'),
  output: oneOf('Your cart is waiting'),
  channel: oneOf('email', 'push', 'sms'),
  channel_identifier: random => `user${whole(random, 1, 9999)}@example.com`,
  phone_number: phoneNumber,
  state_change_source: oneOf('sdk', 'rest_api', 'preference_center'),
  abort_type: oneOf('liquid_abort_message', 'quiet_hours'),
  abort_log: oneOf('{% abort_message("no name") %}'),
  retry_type: oneOf('rate_limit', 'liquid_error'),
  retry_log: oneOf('connected content answered 503'),
  banner_placement_id: oneOf('home_top', 'cart_bottom'),
  browser: oneOf('Chrome', 'Safari'),
  carrier: oneOf('Example Mobile'),
  country: oneOf('US', 'DE', 'JP'),
  language: oneOf('en', 'de', 'ja'),
  gender: oneOf('F', 'M', 'O', 'N'),
  resolution: oneOf('1170x2532', '1080x2400'),
  sdk_version: oneOf('11.2.0', '33.1.0'),
  message_extras: oneOf('{"source":"spring"}'),
  ip_pool: oneOf('transactional', 'marketing'),
  sending_ip: oneOf('192.0.2.10', '198.51.100.7'),
  esp: oneOf('sendgrid', 'sparkpost'),
  from_domain: oneOf('mail.example.com'),
  recipient_domain: oneOf('example.com'),
  mailbox_provider: oneOf('Example Mail'),
  bounce_reason: oneOf('550 5.1.1 mailbox does not exist'),
  deferral_reason: oneOf('451 4.7.1 try again later'),
  device_class: oneOf('mobile', 'desktop'),
  device_os: oneOf('iOS', 'Windows'),
  suspected_bot_click_reason: () => ['user_agent', 'too_fast'],
  feature_flag_id_name: oneOf('new_checkout', 'dark_mode'),
  locale_key: oneOf('en-US', 'de-DE'),
  line_channel_name: oneOf('Example Shop'),
  short_url: random => `https://exmpl.example/${whole(random, 100, 999)}`,
  activity_attributes_type: oneOf('DeliveryAttributes'),
  push_token_state_change_type: oneOf('CREATE', 'UPDATE', 'REMOVE'),
  ios_push_token_apns_gateway: random => whole(random, 1, 2),
  live_activity_event_outcome: oneOf('success', 'failure'),
  live_activity_event_type: oneOf('start', 'update', 'end'),
  button_action_type: oneOf('URI', 'DEEP_LINK', 'CLOSE'),
  button_string: oneOf('Buy now', 'Later'),
  element_label: oneOf('Shop', 'Unsubscribe'),
  element_type: oneOf('suggestion', 'text'),
  interaction_type: oneOf('click', 'reply'),
  from_rcs_sender: oneOf('example_shop_agent'),
  to_rcs_sender: oneOf('example_shop_agent'),
  media_urls: random => [`https://example.com/media/${whole(random, 1, 99)}.jpg`],
  category: oneOf('basic', 'single', 'conversational'),
  endpoint_url: oneOf('https://hooks.example.com/orders'),
  host: oneOf('hooks.example.com'),
  url_path: oneOf('/orders'),
  http_status_code: random => [400, 404, 500, 503][Math.floor(random() * 4)],
  raw_response: oneOf('{"error":"unavailable"}'),
  webhook_failure_source: oneOf('endpoint', 'connection'),
  template_name: oneOf('order_update', 'welcome'),
  provider_error_title: oneOf('Message undeliverable'),
  quick_reply_text: oneOf('Yes', 'No'),
  flow_response_json: oneOf('{"size":"M"}'),
  custom_attributes: oneOf('{"plan":"pro"}'),
  dob: oneOf('1990-01-31'),
  first_name: oneOf('Ada', 'Alan'),
  last_name: oneOf('Example'),
  home_city: oneOf('Berlin', 'New York'),
  update_source: oneOf('sdk', 'rest_api'),
  time_ms: random => 1_700_000_000_000 + whole(random, 0, 86_400_000),
  push_token_created_at: random => 1_700_000_000 + whole(random, 0, 86_400),
  push_token_updated_at: random => 1_700_000_000 + whole(random, 0, 86_400),
};

export function sampleValue({ wire, type }: CatalogueProperty, random: Random): unknown {
  const sample = Object.hasOwn(samples, wire) ? samples[wire] : undefined;
  const value = sample?.(random);
  if (value !== undefined) return type === 'int' && typeof value === 'number' ? Math.round(value) : value;
  switch (type) {
    case 'string':
      return seededUuid(random);
    case 'float':
      return whole(random, 1, 9999) / 100;
    case 'int':
      return whole(random, 0, 99);
    case 'boolean':
      return random() < 0.5;
    case 'string[]':
      return [seededUuid(random)];
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
