import { type Command, InvalidArgumentError } from 'commander';
import { privacyEndpoints } from '../http/privacy-routes.ts';
import { cursorSchema } from '../privacy/delivered-events.ts';
import type { EventState } from '../privacy/event-state.ts';
import { type DeliveredPage, mostTraced, type Trace } from '../privacy/trace.ts';
import { adminCommand, asks } from './admin-command.ts';
import { blocks, cutOnTerminal, minute, paragraph, visible, whole } from './terminal.ts';

/** `trace <external id>`. */
export function traceCommand(): Command {
  const command = adminCommand('trace', "trace one user's events and cohort memberships")
    .argument('<external id>', 'external ID of the user in Braze, which is the distinct ID in Mixpanel')
    .option('--limit <n>', 'maximum number of delivered events, the newest first', pageSize, mostTraced)
    .option(
      '--before <cursor>',
      'only delivered events before this one: the next page, as the trace prints it',
      cursor,
    );
  return asks<{ limit: number; before?: string }, [string], Trace | DeliveredPage>(
    command,
    (service, { limit, before }, externalId) => {
      if (hasUnseen(externalId))
        console.error(
          paragraph(`The ID has characters that cannot be seen, or spaces around it: ${inAscii(externalId)}`),
        );
      return before === undefined
        ? service.call(privacyEndpoints.trace, { body: { externalId, limit } })
        : service.call(privacyEndpoints.traceDelivered, { body: { externalId, limit, before } });
    },
    answer => ('connections' in answer ? report(answer) : reportOlder(answer)),
  );
}

/** Whether an ID has characters that a terminal does not show, or that reorder what it shows, or spaces around it. */
const hasUnseen = (id: string): boolean => visible(id) !== id || id.trim() !== id;

/** An ID in ASCII, as JSON. */
const inAscii = (id: string): string =>
  JSON.stringify(id).replace(
    /[\u007f-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

function pageSize(text: string): number {
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > mostTraced)
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${mostTraced}.`);
  return size;
}

function cursor(text: string): string {
  if (!cursorSchema.safeParse(text).success)
    throw new InvalidArgumentError('Expected the cursor that the page before printed, such as 1234-56.');
  return text;
}

type Row = (string | null)[];

const eventTable = (rows: readonly Row[]): string =>
  blocks(
    ['time', 'connection', 'event type', 'id', 'state', 'detail'],
    rows.map(([time = null, connection = null, eventType, id = null, state = null, detail]) => [
      ...[time, connection, cutOnTerminal(eventType ?? ''), id, state, cutOnTerminal(detail ?? '')],
    ]),
  );

/** States in words; the others are their own. */
const words: Partial<Record<EventState, string>> = {
  accepted: 'accepted by Mixpanel',
  refused: 'refused by Mixpanel',
  invalid: 'dead letter',
  shadow: 'not sent (shadow mode)',
  not_known: 'not known',
};

type Traced = Pick<
  DeliveredPage['delivered'][number],
  'time' | 'eventType' | 'id' | 'state' | 'reason' | 'history'
>;

/** @param isGone whether the event is no dead letter any more */
const stateOf = ({ state, reason }: { state: EventState; reason: string | null }, isGone = false): string =>
  `${isGone && state === 'invalid' ? 'was a ' : ''}${words[state] ?? state}${reason === null || state === 'refused' ? '' : `: ${reason}`}`;

/** The states before, as `; before: refused by Mixpanel`, and those of other copies, as `; copy in batch 7: waiting`. */
export function historyOf(history: Traced['history']): string {
  const earlier = history.filter(past => past.earlier).map(past => stateOf(past));
  const others = history
    .filter(past => !past.earlier)
    .map(past => `${copyOf(past)}: ${stateOf(past, past.deadLetter === null)}`);
  return [
    ...(earlier.length === 0 ? [] : [`before: ${[...new Set(earlier)].join(', ')}`]),
    ...new Set(others),
  ]
    .map(text => `; ${text}`)
    .join('');
}

const copyOf = ({ batch, deadLetter }: Traced['history'][number]): string =>
  batch === null ? `copy in dead letter ${deadLetter}` : `copy in batch ${batch}`;

const rowOf = (connection: string, event: Traced, detail: string, isGone = false): Row => [
  ...[event.time, connection, event.eventType, event.id, stateOf(event, isGone)],
  detail + historyOf(event.history),
];

/** Under `delivered`, a dead letter is one no more. */
function deliveredRow({ connection, ...event }: DeliveredPage['delivered'][number]): Row {
  const isGone = event.state === 'invalid' || event.state === 'refused';
  const why = isGone
    ? '; its dead letter is no longer in the list: it was purged, expired, or was replayed'
    : '';
  return rowOf(connection, event, `at ${event.deliveredAt}${why}`, isGone);
}

/** The lines below the events: how the next page is reached, and why the answer took long. */
const below = ({ older, unindexed }: Pick<Trace, 'older' | 'unindexed'>): string[] => [
  ...(older === null ? [] : [`\n${paragraph(`Older delivered events: add --before ${older}`)}`]),
  ...(unindexed > 0 ? [`\nBatches without index that were read one by one: ${whole(unindexed)}.`] : []),
];

export const reportOlder = ({ delivered, ...page }: DeliveredPage): string =>
  [
    delivered.length === 0
      ? 'No older delivered events of this user.'
      : eventTable(delivered.map(deliveredRow)),
    ...below(page),
  ].join('\n');

const forgottenText = ({ at, receipt }: NonNullable<Trace['forgotten']>): string =>
  paragraph(
    `This user was forgotten${at === null ? ', when is not known' : ` at ${minute(at)}`}: later events are skipped.${at === null ? '' : ` Details: receipts ${receipt}`}`,
  );

function report({ connections, cohorts, forgotten, ...page }: Trace): string {
  const rows = Object.entries(connections).flatMap(
    ([connection, { pending, deadLetters, delivered }]): Row[] => [
      ...pending.map(({ batch, attempts, nextAttempt, beingDelivered, ...event }) => {
        const tried =
          attempts === 0 ? 'not attempted yet' : `attempts: ${attempts}, next ${nextAttempt ?? 'now'}`;
        const detail =
          event.state === 'held' ? `until ${nextAttempt}` : beingDelivered ? 'being delivered' : tried;
        return rowOf(connection, event, `batch ${batch}, ${detail}`);
      }),
      ...deadLetters.map(({ deadLetter, reason, detail, ...event }) =>
        rowOf(
          connection,
          { ...event, reason: null },
          `${event.state === 'refused' ? 'dead letter ' : ''}${deadLetter}, ${reason}: ${detail}`,
        ),
      ),
      ...(delivered ?? []).map(event => deliveredRow({ ...event, connection })),
    ],
  );
  const of = Object.values(connections);
  const untraced = of.some(({ delivered }) => delivered === null);
  const isCut = of.some(each => [each.pending, each.deadLetters].some(list => list.length >= mostTraced));
  return [
    ...(forgotten === null ? [] : [`${forgottenText(forgotten)}\n`]),
    rows.length === 0 ? 'No stored events of this user.' : eventTable(rows),
    ...(untraced ? ['\nDelivered events are not stored. Set DELIVERED_RETENTION to trace them.'] : []),
    ...below(page),
    cohorts.length === 0
      ? '\nThis user is in no cohort sync.'
      : `\n${blocks(
          ['cohort', 'name', 'as', 'in Mixpanel', 'list of', 'in Braze', 'why'],
          cohorts.map(({ cohort, name, as, inMixpanel, mixpanelReadAt, inBraze, why }) => [
            ...[cohort, cutOnTerminal(name), as, inMixpanel ? 'yes' : 'no'],
            ...[
              mixpanelReadAt === null ? 'not known' : minute(mixpanelReadAt),
              inBraze ? 'yes' : 'no',
              cutOnTerminal(why),
            ],
          ]),
        )}`,
    ...(isCut
      ? [
          `\n${paragraph(
            `Waiting events and dead letters are ${mostTraced} of each connection at most: the oldest waiting events and the newest dead letters. There may be more.`,
          )}`,
        ]
      : []),
  ].join('\n');
}
