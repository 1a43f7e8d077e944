import { hotIdEvents, type IdReport } from '../../events/ids/id-report.ts';
import type { Finding } from './finding.ts';

export interface IdState {
  /** What was counted of the user ids of delivered events; absent where that is not known. */
  readonly ids?: IdReport | undefined;
  /** Events whose external id looks like a placeholder, with some of these ids. */
  readonly placeholders?: { readonly events: number; readonly samples: readonly string[] } | undefined;
}

export const idFindings = ({ ids, placeholders }: IdState): Finding[] =>
  [hotIds(ids), placeholderIds(placeholders)].filter(each => each !== undefined);

const warning = { severity: 'warning', since: null, deadline: null } as const;

/** Ids that are over Mixpanel's limit on a day, or may be; without the ids. */
function hotIds(ids: IdState['ids']): Finding | undefined {
  const problems = (ids?.days ?? []).flatMap(day => hotIdProblem(day) ?? []);
  if (problems[0] === undefined) return undefined;
  const message = problems.map(each => each.message).join(' ');
  return { id: 'hot_ids', ...warning, message, next: problems[0].next };
}

function hotIdProblem({ day, heaviest, error, events }: IdReport['days'][number]) {
  const over = heaviest.filter(each => each.events > hotIdEvents).length;
  const highest = heaviest[0]?.events ?? 0;
  const limit = hotIdEvents.toLocaleString('en');
  if (over > 0)
    return {
      message: `On ${day}, ${over === 1 ? 'one ID has' : `${over} IDs have`} more than ${limit} events (the highest count is ${highest.toLocaleString('en')}). Mixpanel renames further ones to $hotshard_events, without their user.`,
      next: 'Find these IDs with `GET /api/identity`, and correct in Braze where they are set: so many events are usually of a test user, or of a value that many users share.',
    };
  if (Math.min(events, highest + error) <= hotIdEvents) return undefined;
  return {
    message: `On ${day}, an ID may have more than ${limit} events: counts are too low by up to ${error.toLocaleString('en')}.`,
    next: 'Look in Mixpanel for events named $hotshard_events of this day.',
  };
}

function placeholderIds(placeholders: IdState['placeholders']): Finding | undefined {
  if (placeholders === undefined || placeholders.events === 0) return undefined;
  const { events, samples } = placeholders;
  const such = samples.length > 0 ? `, such as ${samples.map(id => JSON.stringify(id)).join(', ')}` : '';
  return {
    id: 'placeholder_ids',
    ...warning,
    message: `${events === 1 ? 'One event' : `${events} events`} had an external ID that looks like a placeholder${such}.`,
    next: 'Check how the external ID is set in Braze: an unrendered template or a missing value merges many users under one ID.',
  };
}
