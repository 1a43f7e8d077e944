import type { CohortFacts, CurrentFacts, Summary } from './read-summary.ts';

const number = (value: number) => value.toLocaleString('en-US');
const events = (count: number) => `${number(count)} ${count === 1 ? 'event' : 'events'}`;
const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
/** The first sentences that fit, or else the beginning of the text. */
const brief = (text: string, length: number) =>
  text.length <= length ? text : (text.slice(0, length).match(/^.*\.(?= )/)?.[0] ?? cut(text, length));
const titleOf = ({ name }: CurrentFacts) => `“${cut(name, 20)}”`;

/**
 * Why counts of the live summary differ, the most urgent reason first. Each note is one line of at most 80 characters.
 *
 * @param most maximum number of notes; the last one then says how many were left out
 */
export function notesOf(summary: Summary, trafficProblem: string | null, most: number): string[] {
  const { currents, cohorts } = summary;
  const notes = [
    ...(summary.failure === null ? [] : [summary.failure]),
    ...(trafficProblem === null ? [] : [`Simulated traffic fails: ${trafficProblem}`]),
    ...faultsNote(summary),
    ...(currents.length === 0 ? ['There is no Current: Braze sends nothing.'] : []),
    ...currents.flatMap(currentNote),
    ...cohorts.flatMap(cohortNote),
    ...sharedNote(summary),
    ...otherSendersNote(summary),
  ].map(note => brief(note, 80));
  if (notes.length <= most) return notes;
  return [...notes.slice(0, most - 1), `… and ${notes.length - most + 1} more reasons: see the console.`];
}

function faultsNote({ faults }: Summary): string[] {
  const active = [
    ...(faults.braze > 0 ? [`${faults.braze} in mock Braze`] : []),
    ...(faults.mixpanel > 0 ? [`${faults.mixpanel} in mock Mixpanel`] : []),
  ];
  return active.length > 0 ? [`Active faults: ${active.join(', ')}.`] : [];
}

function currentNote(current: CurrentFacts): string[] {
  const { state, to, sent, missed, dropped, waiting, failure } = current;
  const title = titleOf(current);
  const rest = dropped > 0 ? `; ${events(dropped)} dropped` : '';
  if (state === 'draft') return [`Current ${title} is a draft: it sends nothing yet.`];
  if (state !== 'launched')
    return [`Current ${title} is ${state}: ${events(missed)} missed, never sent; ${number(waiting)} wait.`];
  if (failure !== null)
    return [`Current ${title} fails (${cut(failure, 16)}): ${events(waiting)} wait in Braze${rest}.`];
  if (to === 'mixpanel')
    return [`Current ${title} sends to Mixpanel without the service: ${events(sent)}${rest}.`];
  if (to === 'files')
    return [`Current ${title} writes files, which the service does not read: ${events(sent)}.`];
  if (to === 'elsewhere') return [`Current ${title} sends to another address: ${events(sent)}${rest}.`];
  if (missed > 0 || dropped > 0)
    return [`Current ${title} did not send ${number(missed)} missed and ${events(dropped)} dropped.`];
  return [];
}

function cohortNote({ id, problem, unknown }: CohortFacts): string[] {
  return [
    ...(problem === null ? [] : [`Cohort ${id}: ${problem}`]),
    ...(unknown === 0
      ? []
      : [`Cohort ${id}: ${number(unknown)} of its members are not users of Braze; syncs create none.`]),
  ];
}

/** Several Currents to the service: it accepts an event of each, and Mixpanel counts the event once. */
function sharedNote({ currents }: Summary): string[] {
  const senders = currents.filter(({ to, sent }) => to === 'service' && sent > 0);
  if (senders.length < 2) return [];
  const shares = senders.map(each => `${titleOf(each)} ${number(each.sent)}`).join(' + ');
  const line = `Sent by ${shares}; common events are duplicates.`;
  return [
    line.length <= 80
      ? line
      : `${senders.length} Currents send to the service; events that several send are duplicates.`,
  ];
}

function otherSendersNote({ currents, accepted }: Summary): string[] {
  const more = accepted - sentToService(currents);
  return more > 0 ? [`${events(more)} accepted from test events, removed Currents or other senders.`] : [];
}

/** The events that the present Currents sent to the service. */
export const sentToService = (currents: readonly CurrentFacts[]) =>
  currents.filter(({ to }) => to === 'service').reduce((total, { sent }) => total + sent, 0);
