import { fitsUtc } from './find-offset.ts';
import { projectZoneAdvice } from './project-zone-advice.ts';

/** A pair of neighbouring columns whose difference is explained, in the order of an event's way. */
export const steps = {
  braze_to_accepted: ['braze', 'accepted'],
  accepted_to_imported: ['accepted', 'imported'],
  imported_to_raw: ['imported', 'mixpanelRaw'],
  raw_to_unique: ['mixpanelRaw', 'mixpanelUnique'],
  unique_to_shown: ['mixpanelUnique', 'mixpanelShown'],
} as const;
export type StepName = keyof typeof steps;

interface CauseEntry {
  readonly step: StepName;
  readonly meaning: string;
  /** What an operator can do about it; absent where nothing is wrong. */
  readonly advice?: string;
  /** What an operator can look at where the counts do not show whether something is wrong; by itself no finding. */
  readonly check?: string;
}

/** Every cause by which a difference between two columns is explained. */
export const causes = {
  day_boundary: {
    step: 'braze_to_accepted',
    meaning:
      "The event is on another day in the time zone of the Braze company, whose days Braze's counts have.",
  },
  company_day_boundary: {
    step: 'braze_to_accepted',
    meaning: 'Braze counts the event on another day: BRAZE_TIMEZONE is not the time zone of the company.',
    advice:
      "Check BRAZE_TIMEZONE: set it to the time zone in the company's settings in Braze. Its offset, where the data show it, is in brackets.",
  },
  resent_by_braze: {
    step: 'braze_to_accepted',
    meaning:
      'Braze sent the event more than once, for example after a response was lost, and counts it once. Skipped events and dead letters that came again are among them.',
  },
  defined_differently: {
    step: 'braze_to_accepted',
    meaning: 'Braze counts users of the day where Currents has each event, so its number is smaller.',
  },
  not_in_lists: {
    step: 'braze_to_accepted',
    meaning:
      "The event has no campaign or Canvas, or one that was deleted: Braze's numbers are added up over the campaigns and Canvases that it lists.",
  },
  not_read: {
    step: 'braze_to_accepted',
    meaning:
      "There are more events than Braze counts, and the reason is not known: Mixpanel's raw export, which shows the repeated ones and those of deleted campaigns, could not be read, or lacks the event because Lexicon drops it or its user was deleted.",
  },
  machine_opens: {
    step: 'braze_to_accepted',
    meaning:
      'The opens that Braze counts as made by a machine are exactly those that did not come: the Current leaves them out.',
  },
  not_in_current: {
    step: 'braze_to_accepted',
    meaning: 'No event of this name came in the whole period, so the Current does not send this event type.',
    advice: 'Select the event type in the settings of the Current in Braze.',
  },
  may_arrive_late: {
    step: 'braze_to_accepted',
    meaning: 'The day ended less than two days ago, and Braze may still send its events.',
  },
  accepted_meanwhile: {
    step: 'braze_to_accepted',
    meaning: 'The day has not ended, or the service accepted the event while the report was made.',
  },
  skipped: {
    step: 'accepted_to_imported',
    meaning:
      'The service skipped the event for the stated reason, such as `no_external_user_id` or `not_selected`.',
  },
  dead: {
    step: 'accepted_to_imported',
    meaning:
      'The event is a dead letter for the stated reason. `refused_by_mixpanel` means that Mixpanel refused it.',
    advice: 'Inspect it with `dead-letters list`, and replay it once the reason is gone.',
  },
  waiting: {
    step: 'accepted_to_imported',
    meaning: 'The event waits for its delivery.',
  },
  held: {
    step: 'accepted_to_imported',
    meaning:
      'The event is held: the connection is in the mode `hold`, or the time of the event has not come yet.',
  },
  other_connection: {
    step: 'imported_to_raw',
    meaning: 'Another connection of the service delivers to the same project, and imported this event there.',
    advice: 'Give each connection a project of its own, unless you want their events together.',
  },
  sent_again: {
    step: 'imported_to_raw',
    meaning:
      'Mixpanel stored further copies with the same `$insert_id`, which it de-duplicates: from retries of this service, or from another sender that uses the same IDs.',
    check:
      "If no request of the service failed or was left unanswered on that day, look in Braze's Currents for a second export to Mixpanel.",
  },
  second_sender: {
    step: 'imported_to_raw',
    meaning:
      'The same event of the same user and second is there with another `$insert_id`: another sender delivers it too.',
    advice: "Turn off the other sender, probably Braze's native integration with Mixpanel.",
  },
  renamed_by_mixpanel: {
    step: 'imported_to_raw',
    meaning:
      'Mixpanel renamed the event to `$hotshard_events`: one user ID had more than 200,000 events on that day.',
    advice: 'Look up the user ID with `ids`: it is probably a placeholder.',
  },
  dropped_by_mixpanel: {
    step: 'imported_to_raw',
    meaning: 'The event is blocked in Lexicon: Mixpanel drops it at ingestion.',
    advice: 'Unblock the event in Lexicon, or exclude it with CURRENTS_EVENTS.',
  },
  deleted_in_mixpanel: {
    step: 'imported_to_raw',
    meaning:
      'Users were deleted in Mixpanel later than on that day, since `forget --vendors` requested it, and their events with them. In brackets is how many users. It explains as many events as were counted where `DELIVERED_RETENTION` kept them until then; else their number is not known, and it explains up to 100 of a name and day for each user.',
    check:
      'If more events are missing than these users can have had, look in Mixpanel for a drop filter, and check MIXPANEL_PROJECT_ID.',
  },
  not_yet_exported: {
    step: 'imported_to_raw',
    meaning: 'The day ended less than two days ago, and the raw export may lack its last events.',
  },
  imported_meanwhile: {
    step: 'imported_to_raw',
    meaning: 'The day has not ended, or the service imported the event while the report was made.',
  },
  project_day_boundary: {
    step: 'imported_to_raw',
    meaning:
      'Mixpanel has the event on another day: MIXPANEL_PROJECT_TIMEZONE is not the time zone of its raw export, whose offset, where the data show it, is in brackets.',
    advice: projectZoneAdvice(),
  },
  repeated: {
    step: 'raw_to_unique',
    meaning: 'The same event was stored more than once, and Mixpanel shows it once.',
  },
  hidden: {
    step: 'unique_to_shown',
    meaning: 'The event is hidden in Lexicon: it is stored and not shown.',
    advice: 'Show the event in Lexicon.',
  },
} as const satisfies Record<string, CauseEntry>;

export type Cause = keyof typeof causes;

/** What a cause means, with what to look at. */
export function meaningOf(cause: Cause): string {
  const { meaning, check }: CauseEntry = causes[cause];
  return check === undefined ? meaning : `${meaning} ${check}`;
}

/** Time zones of the settings. */
export interface ZonesSet {
  readonly mixpanel: string;
  readonly braze: string;
}

/**
 * What an operator can do about a cause; `undefined` where nothing is wrong.
 *
 * @param set time zones of the settings; absent in reports of earlier releases
 * @param reasons those that the cause has
 */
export function adviceOf(
  cause: Cause,
  set: ZonesSet | undefined,
  reasons: readonly string[],
): string | undefined {
  const { advice }: CauseEntry = causes[cause];
  if (set === undefined) return advice;
  if (cause === 'company_day_boundary') return `BRAZE_TIMEZONE is ${set.braze}. ${advice}`;
  if (cause !== 'project_day_boundary') return advice;
  return projectZoneAdvice(set.mixpanel, reasons.length > 0 && reasons.every(fitsUtc));
}

/** The causes as a Markdown table, for the documentation. */
export const causeTable = (): string =>
  [
    '| Cause | Between | Meaning | What to do |',
    '| --- | --- | --- | --- |',
    ...Object.entries<CauseEntry>(causes).map(
      ([cause, { step, meaning, check = 'Nothing.', advice = check }]) =>
        `| \`${cause}\` | ${steps[step].map(column => `\`${column}\``).join(', ')} | ${meaning} | ${advice} |`,
    ),
  ].join('\n');
