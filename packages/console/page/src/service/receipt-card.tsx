import type { ComponentChildren } from 'preact';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Chip } from '../parts/chip.tsx';
import { useNow } from '../parts/clock.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { count } from '../parts/format.ts';
import { Loaded, Problem } from '../parts/loaded.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import {
  type Deletion,
  deletionState,
  leftBy,
  notRequested,
  type Receipt,
  type ReceiptEntry,
  type Removed,
  removalState,
  storesOf,
} from './receipt.ts';

/** One receipt: what was removed store by store, how far Mixpanel is, and what nothing vouches for. */
export function ReceiptCard({ server, number }: { server: Server; number: string }) {
  const receipt = usePolled<Receipt>(server, `api/forget/receipts/${encodeURIComponent(number)}`, 5_000);
  return (
    <Loaded of={receipt}>
      {({ skipsLaterEvents, entries, mixpanel, notKnown, outOfReach }) => (
        <>
          <Facts
            of={[
              ['Number', <Code key="number" of={number} />],
              ['Later events of the user', skipsLaterEvents ? 'Skipped' : 'Delivered'],
            ]}
          />
          {mixpanel.length > 0 && (
            <Part title="Deletion in Mixpanel">
              {mixpanel.map(each => (
                <DeletionFacts key={each.connection} of={each} />
              ))}
            </Part>
          )}
          {entries.map(entry => (
            <Call key={`${entry.at} ${entry.what}`} of={entry} />
          ))}
          <Part title="Not known">
            <Sentences of={notKnown} />
          </Part>
          <Part title="Not removed by this service">
            <Sentences of={outOfReach.map(({ where, next }) => `${where}: ${next}`)} />
          </Part>
        </>
      )}
    </Loaded>
  );
}

const Sentences = ({ of }: { of: readonly string[] }) => (
  <ul class="bullets">
    {of.map(each => (
      <li key={each}>
        <Text of={each} length={600} />
      </li>
    ))}
  </ul>
);

function DeletionFacts({ of }: { of: Deletion }) {
  const [tone, text] = deletionState(of);
  const { connection, taskId, status, problem, idKept, earlier } = of;
  const moments: readonly (readonly [string, string | null])[] = [
    ['Requested', of.requestedAt],
    ['Accepted', of.acceptedAt],
    ['Last look', of.checkedAt],
    ['Next look', of.nextAt],
    ['Ended', of.endedAt],
  ];
  return (
    <>
      <p class="line">
        <Chip tone={tone}>{text}</Chip> <Text of={connection} length={60} />
      </p>
      {problem !== null && <Problem>{problem}</Problem>}
      <Facts
        of={[
          ['Task in Mixpanel', taskId === null ? 'None yet' : <Code key="task" of={taskId} />],
          ...(status === null ? [] : [['State of the task', <Code key="status" of={status} />] as const]),
          ...moments
            .filter(([, at]) => at !== null)
            .map(([name, at]) => [name, <When key={name} at={at} full />] as const),
          ...earlier.map(
            each =>
              [
                `Before: ${each.state}`,
                <span key={each.endedAt}>
                  {each.taskId === null ? 'No task' : <Code of={each.taskId} />} <When at={each.endedAt} />
                </span>,
              ] as const,
          ),
        ]}
      />
      {idKept && (
        <p class="quiet">The ID is in storage until Mixpanel has accepted the request, which needs it.</p>
      )}
    </>
  );
}

function Call({ of: { at, what, vendors, notAsked, removed } }: { of: ReceiptEntry }) {
  const [tone, text] = removalState(what, removed?.complete ?? null, useNow() - Date.parse(at));
  return (
    <Part title={what === 'lift' ? 'Lifted' : 'Forgotten'} aside={<When at={at} full />}>
      {what === 'lift' ? (
        <p>Later events of the user are delivered again.</p>
      ) : (
        <>
          <Line tone={tone} text={text}>
            {removed === null
              ? 'It is still running, or it was interrupted. If it is not running, forget the user again.'
              : !vendors
                ? 'Here. No deletion in Mixpanel was requested.'
                : notAsked.length === 0
                  ? 'Here, and the deletion in Mixpanel was requested.'
                  : 'Here. The deletion in Mixpanel was not requested for every connection.'}
          </Line>
          {notAsked.map(name => (
            <Line key={name} tone={notRequested(name)[0]} text={notRequested(name)[1]}>
              Mixpanel: set <code>MIXPANEL_OAUTH_TOKEN</code> and <code>MIXPANEL_TOKEN</code> of this
              connection, then forget the user again.
            </Line>
          ))}
          {removed !== null && <Stores of={removed} />}
        </>
      )}
    </Part>
  );
}

const Line = ({
  tone,
  text,
  children,
}: {
  tone: Parameters<typeof Chip>[0]['tone'];
  text: string;
  children: ComponentChildren;
}) => (
  <p class="line">
    <Chip tone={tone}>{text}</Chip>
    <span>{children}</span>
  </p>
);

function Stores({ of: removed }: { of: Removed }) {
  const left = leftBy(removed);
  const { stillInMixpanel } = removed.cohorts;
  return (
    <>
      {left.length > 0 && <Sentences of={left} />}
      <Table
        label="Removed by store"
        rows={storesOf(removed)}
        keyOf={([store]) => store}
        columns={[
          { name: 'Store', kind: 'main', cell: ([store]) => store },
          { name: 'Removed', kind: 'number', cell: ([, removedHere]) => count(removedHere) },
        ]}
      />
      {stillInMixpanel.length > 0 && (
        <>
          <p>
            Then still in these cohorts in Mixpanel, by their newest lists. Remove the user there, or the next
            list brings them back:
          </p>
          <Sentences
            of={stillInMixpanel.map(
              ({ name, cohort, connection }) => `${name} (cohort ${cohort}, ${connection})`,
            )}
          />
        </>
      )}
    </>
  );
}
