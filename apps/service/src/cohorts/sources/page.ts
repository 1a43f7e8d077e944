import { createHash } from 'node:crypto';
import {
  type CohortAction,
  type MatchRule,
  matchMember,
  runOfKeys,
  sortKeys,
} from '@braze-mixpanel/core/cohorts';
import type { CohortWebhookPage } from '@braze-mixpanel/core/mixpanel';
import { placeholderIn } from '@braze-mixpanel/core/mixpanel';
import type { NewPage } from '@braze-mixpanel/storage';

/** A member, from either source. */
export interface SourceMember {
  readonly distinctId: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The place of a page in its group. */
export interface PagePlace {
  readonly sync: string;
  readonly session: string;
  readonly action: CohortAction;
  /** From 1. */
  readonly page: number;
  readonly total: number;
  /** Moment of receipt, milliseconds since 1970. */
  readonly at: number;
}

/**
 * The stored form of a page: the sorted keys of its members, and how many had no ID. Members are matched
 * here, on receipt: a later change of the rule takes effect with the next full list. Matched IDs that look
 * like placeholders are sent all the same, and noted.
 */
export function pageOf(
  place: PagePlace,
  members: Iterable<SourceMember>,
  rule: MatchRule,
  notePlaceholder: (id: string) => void,
): NewPage {
  const keys: string[] = [];
  let count = 0;
  let withoutId = 0;
  for (const { distinctId, properties } of members) {
    count++;
    const matched = matchMember(distinctId, properties, rule);
    if (matched.length === 0) withoutId++;
    for (const key of matched) {
      keys.push(key);
      const placeholder = key.startsWith('e') ? placeholderIn(key.slice(1)) : undefined;
      if (placeholder !== undefined) notePlaceholder(placeholder);
    }
  }
  const { chunk } = runOfKeys(sortKeys(keys));
  return { ...place, digest: digestOf(withoutId, chunk), members: count, withoutId, body: chunk };
}

/** The digest of the contents of a page: of the chunk of its keys, and of how many members had no ID. */
export const digestOf = (withoutId: number, chunk: Uint8Array): string =>
  createHash('sha256').update(`${withoutId}\n`).update(chunk).digest('base64url');

export function membersOf({ parameters }: CohortWebhookPage): SourceMember[] {
  return parameters.members.map(properties => ({
    distinctId: Object.hasOwn(properties, 'mixpanel_distinct_id')
      ? properties.mixpanel_distinct_id
      : undefined,
    properties,
  }));
}
