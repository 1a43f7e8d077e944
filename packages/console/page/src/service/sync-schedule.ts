import { counted, inWords, span } from '../parts/format.ts';

/** The fields of a cohort sync that its schedule follows from. */
export interface SyncSchedule {
  readonly mode: string;
  readonly source: 'webhook' | 'query';
  readonly intervalSeconds: number;
  readonly nextRunFor: 'read' | 'retry' | 'full_send' | null;
  readonly lastPush: string | null;
  readonly openMembers: number;
  readonly brazeMembersAt: string | null;
  readonly held: { readonly from: number; readonly to: number } | null;
}

/** How a sync gets its list, and how often. Mixpanel has the schedule of a list that it pushes. */
export function howOf({ mode, source, intervalSeconds }: SyncSchedule): string {
  const every = span(intervalSeconds * 1_000);
  const reader = source === 'query' ? 'the service reads the list' : 'Mixpanel pushes the list';
  if (mode === 'one-time') return `One-time; ${reader}`;
  if (source === 'query') return `${inWords(mode)}, every ${every}; ${reader}`;
  return `${inWords(mode)}; ${reader} on its own schedule, expected every ${every}`;
}

const runs = {
  read: 'reads the list from Mixpanel',
  retry: 'sends again what is open',
  full_send: 'sends the whole known list again, changed or not; a new list does not wait for it',
} as const;

/** What the next run of a sync does. */
export const nextRunOf = ({ nextRunFor }: SyncSchedule): string | null =>
  nextRunFor === null ? null : runs[nextRunFor];

/** What a run that an operator starts does with this sync. A pushed list cannot be read. */
export function startedRunOf(sync: SyncSchedule): string {
  if (sync.source === 'query') return 'A run was started.';
  const pushes = 'Mixpanel pushes this list, so a run reads nothing';
  if (sync.held !== null) return `${pushes}: the held change waits for you to confirm it.`;
  if (sync.brazeMembersAt === null && sync.lastPush === null)
    return `${pushes}: nothing was pushed yet, so there is nothing to send.`;
  if (sync.openMembers > 0)
    return `${pushes}: it sends again ${counted(sync.openMembers, 'open member')} of the last list.`;
  return `${pushes}: it sends what is open of the last list. If nothing is, no run appears. Run the sync in Mixpanel for a new list.`;
}
