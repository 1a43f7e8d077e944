import { useQuery } from '@tanstack/preact-query';
import { type CallError, call } from '../api/call.ts';
import { Link } from '../app/link.tsx';
import { routeOf, usePrivateFilter } from '../app/routes.ts';
import { Chip } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { inWords } from '../parts/format.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Copy, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import type { LedgerProps } from './cohort-sync-props.ts';
import { noMembers } from './cohort-sync-read-back.ts';
import type { Member, MemberPage, MemberState } from './cohort-sync-run.ts';

interface MembersProps extends LedgerProps {
  readonly run: number;
  readonly state: MemberState;
  /** Route of the first page of a state, or of none. */
  readonly routeTo: (state?: MemberState) => string;
}

const pageSize = 50;

/**
 * A page of the members in one state. A cursor has the ID of a member, so it is in the fragment of the address and in
 * the body of the request, which no log has.
 */
export function Members({ server, sync, run, state, routeTo }: MembersProps) {
  const [after] = usePrivateFilter('after');
  const body = { run: String(run), state, limit: pageSize, ...(after !== '' && { after }) };
  const path = `api/cohorts/${encodeURIComponent(sync.id)}/members`;
  const query = useQuery<MemberPage, CallError>({
    queryKey: [server.name, path, body],
    queryFn: ({ signal }) => call<MemberPage>(server, path, { method: 'POST', body, signal }),
    refetchInterval: 30_000,
  });
  const first = routeTo(state);
  const toFirst = (
    <Link class="button" href={first}>
      First page
    </Link>
  );
  if (query.error?.code === 'ledger_unknown')
    return (
      <Empty>This run has no ledger, or its ledger is no longer kept. The newest 10 of a sync are.</Empty>
    );
  const loaded = { data: query.data, dataAt: query.dataUpdatedAt, error: query.error ?? undefined };
  return (
    <Part title={`${inWords(state)} members`} aside={<Link href={routeTo()}>Close the list</Link>}>
      <Loaded of={{ ...loaded, reload: async () => void (await query.refetch()) }}>
        {page => (
          <>
            {page.members.length === 0 ? (
              <Empty>{noMembers(state, page)}</Empty>
            ) : (
              <MemberTable members={page.members} state={state} />
            )}
            {state === 'unknown' && page.unknownIn !== null && (
              <p class="quiet">
                Run {page.unknownIn} has members that are no users of Braze:{' '}
                <Link
                  href={routeOf(
                    server.name,
                    'cohorts',
                    sync.id,
                    `?${new URLSearchParams({ run: String(page.unknownIn), state })}`,
                  )}
                >
                  show them
                </Link>
                .
              </p>
            )}
            <p class="row">
              {after !== '' && toFirst}
              {page.next !== null && (
                <Link class="button" href={`${first}#${new URLSearchParams({ after: page.next })}`}>
                  Next page
                </Link>
              )}
            </p>
          </>
        )}
      </Loaded>
      {query.data === undefined && query.error !== null && after !== '' && <p class="row">{toFirst}</p>}
      <p class="line">
        <span class="quiet">All as CSV:</span> <Code of={csvCommand(sync.id, run, state)} />
        <Copy text={csvCommand(sync.id, run, state)} />
      </p>
    </Part>
  );
}

const csvCommand = (sync: string, run: number, state: string) =>
  `npm run --silent service -- cohorts members ${sync} --run ${run} --state ${state} --csv > ${state}.csv`;

const MemberTable = ({ members, state }: { members: readonly Member[]; state: MemberState }) => (
  <Table
    label={`Members that are ${state}`}
    rows={members}
    keyOf={({ kind, label, id }) => `${kind} ${label} ${id}`}
    columns={[
      { name: 'ID', kind: 'main', cell: member => <Identifier of={member} /> },
      { name: 'Why', kind: 'main', cell: member => <Why of={member} /> },
      ...(state === 'unmatched'
        ? []
        : [{ name: 'Sent', cell: ({ sentAt }: Member) => <When at={sentAt} none="not sent" /> }]),
    ]}
  />
);

/** External and distinct IDs need no name; the others do. */
const kinds: Readonly<Record<string, string>> = { device_id: 'device ID', alias: 'alias' };

const Identifier = ({ of: { kind, id, label, leaving, state } }: { of: Member }) => (
  <>
    <Text of={id} length={300} />
    {kinds[kind] !== undefined && (
      <small class="quiet">
        {' '}
        {kinds[kind]} {label !== null && <Text of={label} length={80} />}
      </small>
    )}
    {leaving && state !== 'removed' && (
      <>
        {' '}
        <Chip tone="plain">Leaving</Chip>
      </>
    )}
  </>
);

function Why({ of: { because, message, readAt } }: { of: Member }) {
  if (because === 'held') return <>The safety stop holds it until an operator confirms</>;
  if (because !== null) return <>{because === 'placeholder' ? 'A placeholder ID' : 'Matches no user'}</>;
  if (readAt !== null)
    return (
      <>
        Read back <When at={readAt} />
      </>
    );
  return message === null ? <>—</> : <Text of={message} length={300} />;
}
