import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';

/** One event of Braze Currents as Mixpanel’s `/import` accepts it. */
export function example() {
  const event = {
    event_type: 'users.messages.email.Open',
    id: 'a1b2c3d4-0000-4000-8000-000000000001',
    time: 1_700_000_000,
    user: { external_user_id: 'ada' },
    properties: { campaign_id: 'welcome', email_address: 'ada@example.com' },
  };
  const outcome = mapEvent(event, { catalogueVersion: catalogue2022_06 }, Date.now());
  return outcome.outcome === 'mapped' ? JSON.parse(outcome.json) : outcome.reason;
}
