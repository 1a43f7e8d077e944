/** The changes of subscriptions by `/users/track`, as events of Currents. */
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { isRecord } from '@braze-mixpanel/simulator-kit';

type Attributes = Readonly<Record<string, unknown>>;
export type StateChange = Pick<CurrentsEvent, 'event_type' | 'properties'>;

const channels = [
  ['email', 'email_subscribe'],
  ['push', 'push_subscribe'],
] as const;

/**
 * One event for each state that differs. A user is `subscribed` to e-mail and push until something else is
 * set, and in no group.
 *
 * Source: Braze documentation, Currents event glossary (2026), for types and properties. It names no values
 * of `state_change_source`: `rest_api` is a choice.
 */
export function subscriptionEvents(before: Attributes, after: Attributes): StateChange[] {
  const state_change_source = 'rest_api';
  const address = typeof after.email === 'string' && { email_address: after.email };
  const changes: StateChange[] = [];
  for (const [channel, field] of channels) {
    const state = after[field] ?? 'subscribed';
    if (state === (before[field] ?? 'subscribed')) continue;
    changes.push({
      event_type: 'users.behaviors.subscription.GlobalStateChange',
      properties: {
        channel,
        ...(channel === 'email' && address),
        subscription_status: statusOf(state),
        state_change_source,
      },
    });
  }
  const known = groupsOf(before);
  for (const [subscription_group_id, state] of groupsOf(after)) {
    if (known.get(subscription_group_id) === state) continue;
    changes.push({
      event_type: 'users.behaviors.subscriptiongroup.StateChange',
      properties: {
        subscription_group_id,
        ...address,
        subscription_status: statusOf(state),
        state_change_source,
      },
    });
  }
  return changes;
}

function groupsOf({ subscription_groups: groups }: Attributes): Map<unknown, unknown> {
  const list: unknown[] = Array.isArray(groups) ? groups : [];
  return new Map(list.filter(isRecord).map(group => [group.subscription_group_id, group.subscription_state]));
}

const statuses = new Map<unknown, string>([
  ['opted_in', 'Opted In'],
  ['subscribed', 'Subscribed'],
  ['unsubscribed', 'Unsubscribed'],
]);

function statusOf(state: unknown): string {
  return statuses.get(state) ?? String(state);
}
