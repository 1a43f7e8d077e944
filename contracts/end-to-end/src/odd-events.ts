import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import type { ImportEvent } from '@braze-mixpanel/core/mixpanel';

interface OddEvent {
  readonly title: string;
  readonly event: CurrentsEvent;
  /** Written by hand, so that an error in the catalogue or the mapping is not repeated here. */
  readonly expected: ImportEvent;
}

/**
 * Quotes, line ends, dots, dollars, astral and combining characters: everything that causes trouble in JSON,
 * URLs and SQL.
 */
const oddText = 'Größe 🛒 "quoted" \\ \'\n\t.$a#%00 e\u0301 \u202e<b>';
/** The longest `$insert_id` that Mixpanel allows. */
const longestId = 'ABCDEFGH-ijkl-4nop-9rst-uvwxyz012345';

/**
 * Edge cases beyond the catalogue's samples, each with the event expected in Mixpanel under a catalogue
 * version.
 */
export function oddEvents(time: number, generation: string): readonly OddEvent[] {
  const mappedCommon = (event: CurrentsEvent) => ({
    time,
    distinct_id: event.user.external_user_id!,
    $insert_id: event.id,
    $partner_id: 'braze' as const,
  });
  const custom: CurrentsEvent = {
    event_type: 'users.behaviors.CustomEvent',
    id: longestId,
    time,
    user: { user_id: 'braze-1', external_user_id: oddText },
    properties: {
      name: oddText,
      custom_properties: { [oddText]: oddText, 'a.b': 1, '': 0, __proto__x: true, absent: null },
    },
  };
  const nested: CurrentsEvent = {
    event_type: 'users.behaviors.Purchase',
    id: '00000000-0000-4000-8000-000000000000',
    time,
    user: { user_id: 'braze-1', external_user_id: 'user-1' },
    properties: {
      product_id: 'sku-1',
      price: 0.1,
      currency: 'EUR',
      purchase_properties: {
        gift: { wrap: { paper: { colour: 'red', stripe: { d: false } } } },
        sizes: [1, [2, [3]]],
        notes: [],
      },
    },
  };
  const inMilliseconds: CurrentsEvent = {
    event_type: 'users.messages.email.Open',
    id: '00000000-0000-4000-8000-000000000001',
    time: time * 1_000 + 123,
    user: { user_id: 'braze-1', external_user_id: 'user-1' },
    properties: { campaign_id: 'campaign-1' },
  };
  return [
    {
      title: 'an event with a time in milliseconds',
      event: inMilliseconds,
      expected: {
        event: 'Email Open',
        properties: { ...mappedCommon(inMilliseconds), campaign_id: 'campaign-1' },
      },
    },
    {
      title: 'a custom event of odd characters, with an id of 36 of them',
      event: custom,
      expected: {
        event: `[Braze Custom Event] ${oddText}`,
        properties: {
          ...mappedCommon(custom),
          [`[Custom event property] ${oddText}`]: oddText,
          '[Custom event property] a.b': 1,
          '[Custom event property] ': 0,
          '[Custom event property] __proto__x': true,
        },
      },
    },
    {
      title: 'a purchase with nested properties, deeper ones under dotted keys',
      event: nested,
      expected: {
        event: 'Purchase',
        properties: {
          ...mappedCommon(nested),
          [generation === '2022-06' ? 'productId' : 'product_id']: 'sku-1',
          price: 0.1,
          currency: 'EUR',
          '[Purchase property] gift': { wrap: { paper: { colour: 'red', 'stripe.d': false } } },
          '[Purchase property] sizes': [1, [2, [3]]],
          '[Purchase property] notes': [],
        },
      },
    },
  ];
}
