import type { Command } from 'commander';
import type { z } from 'zod';
import { privacyEndpoints } from '../http/privacy-routes.ts';
import type { Forgotten } from '../privacy/forget.ts';
import type { Receipt } from '../privacy/receipts.ts';
import { adminCommand, asks } from './admin-command.ts';
import { emptyPage, olderLine } from './pages.ts';
import { counted, marked, minute, paragraph, records, table } from './terminal.ts';

type Deletion = Receipt['mixpanel'][number];
type Listed = z.output<typeof privacyEndpoints.receipts.answer>;

interface ReceiptsOptions {
  readonly limit?: string;
  readonly before?: string;
  readonly requests?: boolean;
}

/** `receipts`, `receipts <number>`: what was forgotten, without the IDs. */
export function receiptsCommand(): Command {
  const command = adminCommand('receipts', 'list the receipts of forgotten users, or show one')
    .argument('[number]', 'number of a receipt; without it, the newest calls are listed')
    .option('--requests', "list Braze's requests to delete users (KEEP_ID_MAP)")
    .option('--limit <count>', 'calls or requests to list, 1000 at most', '100')
    .option('--before <id>', 'list older ones, from the place at the end of a list');
  return asks(
    command,
    async (service, { limit, before, requests }: ReceiptsOptions, number: string | undefined) => {
      const query = { limit, ...(before !== undefined && { before }) };
      if (requests) return service.call(privacyEndpoints.requests, { query });
      return number === undefined
        ? service.call(privacyEndpoints.receipts, { query })
        : service.call(privacyEndpoints.receiptByNumber, { id: number });
    },
    (answer, { before }) =>
      'requests' in answer
        ? requestsText(answer, before)
        : 'receipts' in answer
          ? listText(answer, before)
          : receiptText(answer),
  );
}

const states: Record<Deletion['state'], string> = {
  waiting: 'not requested yet',
  asking: 'requested, no answer yet',
  followed: 'accepted, not done',
  done: 'done',
  failed: 'failed',
  withdrawn: 'withdrawn',
};
/** Requests of Braze that are not acted on. */
const requestStates: Readonly<Record<string, string>> = {
  kept: 'not acted on: the user came back, or another one has the ID',
  late: 'not acted on: it came more than 7 days late',
};

const stateText = ({ state, isLate }: Pick<Deletion, 'state' | 'isLate'>) =>
  isLate ? `${states[state]}, late` : states[state];

function requestsText(
  { requests, next }: z.output<typeof privacyEndpoints.requests.answer>,
  before: string | undefined,
): string {
  if (requests.length === 0)
    return paragraph(
      emptyPage(
        before,
        'No request of Braze to delete a user is known. They come only in files, and need KEEP_ID_MAP.',
        'No older requests of Braze to delete a user.',
      ),
    );
  const rows = requests.map(({ at, state, known, receipts }) => [
    ...[minute(at), requestStates[state] ?? state],
    receipts.length > 0 ? receipts.join(' ') : known ? 'not recorded' : 'no external ID is known',
  ]);
  return [records(['time', 'state', 'receipt'], rows), ...olderLine(next)].join('\n');
}

function listText({ receipts, next }: Listed, before: string | undefined): string {
  if (receipts.length === 0)
    return emptyPage(
      before,
      'No user was forgotten, or only by a version without receipts.',
      'No older receipts.',
    );
  const rows = receipts.map(({ complete, mixpanel, ...call }) => [
    ...[call.number, minute(call.at), callText(call)],
    complete === null
      ? call.what === 'lift'
        ? ''
        : 'end not recorded'
      : complete
        ? 'complete'
        : 'incomplete',
    mixpanel.length === 0 ? 'not asked' : [...new Set(mixpanel.map(stateText))].join('; '),
  ]);
  return [records(['receipt', 'time', 'call', 'here', 'Mixpanel'], rows), ...olderLine(next)].join('\n');
}

/** A call as it is typed, with the vendors that it asked. */
export function callText({
  what,
  vendors,
  notAsked,
}: Pick<Listed['receipts'][number], 'what' | 'vendors' | 'notAsked'>): string {
  if (what === 'lift') return 'forget --lift';
  if (!vendors) return 'forget';
  return `forget --vendors: Mixpanel${notAsked.length === 0 ? '' : `, not asked for ${notAsked.join(', ')}`}`;
}

/** A receipt, store by store. */
export function receiptText(receipt: Receipt): string {
  const { number, skipsLaterEvents, entries, mixpanel, notKnown, outOfReach } = receipt;
  return [
    `Receipt ${number}`,
    paragraph(
      `Later events of the user are ${skipsLaterEvents ? 'skipped: a tombstone has a salted digest of the ID.' : 'delivered: there is no tombstone.'}`,
    ),
    ...entries.flatMap(entryLines),
    ...(mixpanel.length === 0 ? [] : ['', 'Mixpanel:', ...mixpanel.flatMap(deletionLines)]),
    '',
    'Not known:',
    ...notKnown.map(each => marked('- ', each)),
    '',
    'Not removed by this service:',
    ...outOfReach.map(({ where, next }) => marked('- ', `${where}: ${next}`)),
  ].join('\n');
}

function entryLines({ at, what, vendors, notAsked, removed }: Receipt['entries'][number]): string[] {
  if (what === 'lift') return ['', `${minute(at)}  forget --lift: the tombstone was removed.`];
  if (removed === null)
    return [
      '',
      `${minute(at)}  forget: the end is not recorded`,
      marked('- ', 'It is still running, or it was interrupted. If it is not running, run forget again.'),
    ];
  const { cohorts, complete, failed, stillOnDisk } = removed;
  const open = [
    ...failed.map(part => `Failed: ${part}.`),
    ...(removed.stillBeingDelivered > 0
      ? [`${counted(removed.stillBeingDelivered, 'batch was', 'batches were')} being delivered.`]
      : []),
    ...(cohorts.later.length > 0 ? [`Cohort syncs that were not changed: ${cohorts.later.join(', ')}.`] : []),
    ...(stillOnDisk === null ? [] : [stillOnDisk]),
  ];
  return [
    '',
    `${minute(at)}  forget${vendors ? ' --vendors' : ''}: ${complete ? 'complete here' : 'incomplete here'}`,
    removedTable(removed),
    ...open.map(each => marked('- ', each)),
    ...notAsked.map(name =>
      marked(
        '- ',
        `Mixpanel was not asked for connection ${name}: set MIXPANEL_OAUTH_TOKEN and MIXPANEL_TOKEN.`,
      ),
    ),
  ];
}

/** Numbers of what was removed, by store. */
export const removedTable = ({ cohorts, ...removed }: Omit<Forgotten, 'digest'>): string =>
  table(
    ['store', 'removed'],
    [
      ['queue: events', removed.pending],
      ['delivered bodies: events', removed.delivered],
      ['dead letters', removed.deadLetters],
      ["pairs with Braze's IDs", removed.brazeIds],
      ['cohort snapshots: members', cohorts.members],
      ['cohort pages', cohorts.pages],
      ['cohort history: entries', cohorts.historyEntries],
      ['ledgers of cohorts: entries', cohorts.ledgerEntries],
    ],
  );

/** A deletion in Mixpanel with its task and times. */
export function deletionLines(deletion: Deletion): string[] {
  const { connection, taskId, status, acceptedAt, checkedAt, endedAt, nextAt, problem, idKept } = deletion;
  return [
    marked('- ', `${connection}: ${stateText(deletion)}`),
    ...[
      ...(taskId === null ? [] : [`task ${taskId}${status === null ? '' : `, ${status}`}`]),
      `asked for ${minute(deletion.requestedAt)}${acceptedAt === null ? '' : `, accepted ${minute(acceptedAt)}`}${endedAt === null ? '' : `, ended ${minute(endedAt)}`}`,
      ...(checkedAt === null && nextAt === null
        ? []
        : [
            `last look ${checkedAt === null ? 'never' : minute(checkedAt)}${nextAt === null ? '' : `, next ${minute(nextAt)}`}`,
          ]),
      ...(problem === null ? [] : [problem]),
      ...(idKept ? ['The ID is kept until Mixpanel has accepted the request.'] : []),
    ].map(line => marked('  ', line)),
    ...deletion.earlier.map(each =>
      marked('  ', `before: task ${each.taskId ?? 'without number'}, ${each.state}, ${minute(each.endedAt)}`),
    ),
  ];
}
