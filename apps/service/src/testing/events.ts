import type { CurrentsEvent } from '@braze-mixpanel/core/currents';

let count = 0;

/** A valid event of an e-mail, with an ID of its own; `changes` adapt it to the test. */
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

/** A text below this many levels of objects. */
export const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { down: nested(depth - 1) });
