import { useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import { Link } from '../app/link.tsx';
import { routeOf, useFilter } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { count, counted, inWords } from '../parts/format.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Pages } from '../parts/pages.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import type { DeadLetter } from './dead-letter.ts';
import { DeadLetterCard } from './dead-letter-card.tsx';
import { Reason } from './reasons.tsx';
import { since } from './replayed.ts';
import { SinceReplay } from './since-replay.tsx';
import { type Counts, type Status, sum } from './status.ts';

interface Page {
  readonly deadLetters: readonly DeadLetter[];
  readonly counts: Counts;
}

/** Dead letters grouped by cause, or those of one cause; the opened one beside them. */
export function DeadLetters({ server, id }: ViewProps) {
  const [reason] = useFilter('reason');
  const [before] = useFilter('before');
  const search = reason === '' ? '' : searchOf(reason, before);
  return (
    <Split
      id={id}
      title={<Text of={`Dead letter ${id}`} length={80} />}
      back={routeOf(server.name, 'dead-letters', undefined, search)}
      detail={id !== undefined && <DeadLetterCard server={server} id={id} />}
    >
      {reason === '' ? (
        <Causes server={server} id={id} />
      ) : (
        <OfReason key={reason} server={server} id={id} reason={reason} before={before} />
      )}
    </Split>
  );
}

/** Dead letters on a page. */
const pageSize = 100;

/** The query of one page of a cause: of dead letters with lower IDs than `before`, unless that is empty. */
const searchOf = (reason: string, before = ''): string =>
  `?${new URLSearchParams({ reason, ...(before !== '' && { before }) })}`;

function Causes({ server, id }: ViewProps) {
  const counts = usePolled<{ counts: Counts }>(server, 'api/dead-letters/counts?by=reason');
  return (
    <Loaded of={counts}>
      {({ counts: byReason }) => {
        const rows = Object.entries(byReason).sort(([, a], [, b]) => b - a);
        if (rows.length === 0)
          return <Empty>No dead letters: every accepted event was imported or skipped, or waits.</Empty>;
        return (
          <>
            <p class="line">
              {counted(sum(byReason), 'dead letter')} of {counted(rows.length, 'cause')}. Nothing is lost:
              each is kept with its original.
            </p>
            <ul class="causes">
              {rows.map(([reason, number]) => (
                <Cause key={reason} server={server} id={id} reason={reason} number={number} />
              ))}
            </ul>
          </>
        );
      }}
    </Loaded>
  );
}

function Cause({ server, id, reason, number }: ViewProps & { reason: string; number: number }) {
  const query = `?reason=${encodeURIComponent(reason)}`;
  const { data } = usePolled<Page>(server, `api/dead-letters${query}&limit=1`, 5_000);
  const sample = data?.deadLetters[0];
  return (
    <li class="card">
      <header>
        <Reason code={reason} />
        <b class="big">{count(number)}</b>
      </header>
      {sample && (
        <p class="sample">
          Newest: {sample.eventType === null ? 'no event type' : <Code of={sample.eventType} />}{' '}
          <When at={sample.diedAt} />
          <br />
          <span class="quiet">
            <Text of={sample.detail} />
          </span>
        </p>
      )}
      <div class="row">
        {sample && (
          <Link
            class="button"
            href={routeOf(server.name, 'dead-letters', String(sample.id))}
            aria-current={id === String(sample.id) ? 'true' : undefined}
          >
            Open the newest
          </Link>
        )}
        <Link class="button" href={routeOf(server.name, 'dead-letters', undefined, query)}>
          List {number === 1 ? 'it' : `all ${count(number)}`}
        </Link>
      </div>
    </li>
  );
}

interface OfReasonProps extends ViewProps {
  readonly reason: string;
  readonly before: string;
}

function OfReason({ server, id, reason, before }: OfReasonProps) {
  const query = searchOf(reason, before);
  const page = usePolled<Page>(server, `api/dead-letters${query}&limit=${pageSize}`);
  const routeOfPage = (from?: string) =>
    routeOf(server.name, 'dead-letters', undefined, searchOf(reason, from));
  const [replayed, setReplayed] = useState<{ before: Status; count: number }>();
  const status = usePolled<Status>(server, replayed && 'status', 1_000);
  const replay = async () => {
    const before = await call<Status>(server, 'status');
    const { replayed: count } = await call<{ replayed: number }>(server, 'api/dead-letters/replay', {
      method: 'POST',
      body: { reason },
    });
    setReplayed({ before, count });
    await page.reload();
    return `${counted(count, 'event')} put back into the queue.`;
  };
  return (
    <>
      <p class="line">
        <Link class="button quietly" href={routeOf(server.name, 'dead-letters')}>
          All causes
        </Link>
        <Reason code={reason} />
      </p>
      {replayed && status.data && (
        <SinceReplay of={since(replayed.before, status.data, replayed.count)} server={server} />
      )}
      <Loaded of={page}>
        {({ deadLetters, counts }) =>
          deadLetters.length === 0 ? (
            <>
              <Empty>
                {before === '' ? 'No dead letters of this cause.' : 'No older dead letters of this cause.'}
              </Empty>
              <Pages newest={routeOfPage()} older={undefined} isNewest={before === ''} />
            </>
          ) : (
            <>
              <div class="row">
                <Action
                  run={replay}
                  confirm={`Replay all ${counted(counts[reason] ?? deadLetters.length, 'dead letter')} with the reason “${inWords(reason)}”, unchanged? Each is mapped again under the present settings.`}
                >
                  Replay all of them
                </Action>
                {(counts[reason] ?? 0) > deadLetters.length && (
                  <span class="quiet">
                    {before === '' ? 'The newest ' : ''}
                    {count(deadLetters.length)} of {count(counts[reason])}.
                  </span>
                )}
              </div>
              <Table
                label="Dead letters"
                rows={deadLetters}
                keyOf={letter => letter.id}
                opens={letter => routeOf(server.name, 'dead-letters', String(letter.id), query)}
                opened={id}
                columns={[
                  { name: 'ID', cell: letter => letter.id },
                  {
                    name: 'Event type',
                    cell: letter => (letter.eventType === null ? '—' : <Code of={letter.eventType} />),
                  },
                  { name: 'Detail', kind: 'main', cell: letter => <Text of={letter.detail} /> },
                  { name: 'Failed', cell: letter => <When at={letter.diedAt} /> },
                ]}
              />
              <Pages
                newest={routeOfPage()}
                older={
                  deadLetters.length < pageSize ? undefined : routeOfPage(String(deadLetters.at(-1)?.id))
                }
                isNewest={before === ''}
              />
            </>
          )
        }
      </Loaded>
    </>
  );
}
