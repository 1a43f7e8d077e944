import type { CurrentsEvent } from '@braze-mixpanel/core/currents';

let count = 0;

/** An e-mail that was sent: an event without any fault, with an id of its own; `changes` make it what a test needs. */
export function emailSend(changes: Record<string, unknown> = {}): CurrentsEvent {
  count += 1;
  return {
    event_type: 'users.messages.email.Send',
    id: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    time: 1_700_000_000,
    user: { user_id: 'braze-user', external_user_id: `customer-${count}` },
    properties: { campaign_id: 'campaign-1', campaign_name: 'Welcome' },
    ...changes,
  };
}

export const batchOf = (...events: unknown[]) => ({ events });
export const emails = (many: number) => Array.from({ length: many }, () => emailSend());
