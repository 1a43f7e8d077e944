import { usePolled } from '../api/use-polled.ts';
import { routeOf, useFilter } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Chip } from '../parts/chip.tsx';
import { useNow } from '../parts/clock.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Pages } from '../parts/pages.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { ForgetForm } from './forget-form.tsx';
import { type ListedCall, removalState, statesInMixpanel } from './receipt.ts';
import { ReceiptCard } from './receipt-card.tsx';
import { useRemoval } from './removal.ts';

/**
 * Calls of `forget` and their receipts. A receipt has a number in place of the ID, so neither the list nor an address
 * has the ID of a user.
 */
export function ForgottenUsers({ server, id }: ViewProps) {
  const [before] = useFilter('before');
  const isRunning = useRemoval()?.kind === 'running';
  const calls = usePolled<{ receipts: readonly ListedCall[]; next: number | null }>(
    server,
    `api/forget/receipts${queryOf({ limit: String(pageSize), before })}`,
    isRunning ? 1_000 : 5_000,
  );
  const routeOfPage = (from = '') => routeOf(server.name, 'forgotten', undefined, queryOf({ before: from }));
  return (
    <Split
      id={id}
      title="Receipt"
      back={routeOfPage(before)}
      detail={id !== undefined && <ReceiptCard server={server} number={id} />}
    >
      <ForgetForm server={server} />
      <Loaded of={calls}>
        {({ receipts, next }) =>
          receipts.length === 0 ? (
            <NoCalls isFirst={before === ''} isRunning={isRunning} />
          ) : (
            <>
              <Table
                label="Forgotten users"
                rows={receipts}
                keyOf={({ number, at, what }) => `${number} ${at} ${what}`}
                opens={({ number }) => routeOf(server.name, 'forgotten', number, queryOf({ before }))}
                isOpened={({ number }) => number === id}
                columns={[
                  { name: 'Receipt', kind: 'main', cell: ({ number }) => <Code of={number} /> },
                  { name: 'Here', kind: 'state', cell: call => <Here of={call} /> },
                  { name: 'Mixpanel', kind: 'state', cell: call => <InMixpanel of={call} /> },
                  { name: 'When', cell: ({ at }) => <When at={at} /> },
                ]}
              />
              <Pages
                newest={routeOfPage()}
                older={next === null ? undefined : routeOfPage(String(next))}
                isNewest={before === ''}
              />
            </>
          )
        }
      </Loaded>
    </Split>
  );
}

/** While a user is being removed, nothing is said of none: the list has the call within a second. */
function NoCalls({ isFirst, isRunning }: { isFirst: boolean; isRunning: boolean }) {
  if (!isFirst) return <Empty>No older calls.</Empty>;
  return isRunning ? null : <Empty>No user was forgotten, or only by a version without receipts.</Empty>;
}

/** Calls on a page. */
const pageSize = 100;

/** A query of the parameters that are not empty. */
function queryOf(parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  return query.size === 0 ? '' : `?${query}`;
}

function Here({ of: { what, complete, at } }: { of: ListedCall }) {
  const [tone, text] = removalState(what, complete, useNow() - Date.parse(at));
  return <Chip tone={tone}>{text}</Chip>;
}

function InMixpanel({ of: call }: { of: ListedCall }) {
  const states = statesInMixpanel(call);
  if (states.length === 0) return <span class="quiet">{call.what === 'lift' ? '—' : 'Not requested'}</span>;
  return (
    <>
      {states.map(([tone, text]) => (
        <Chip key={text} tone={tone}>
          <Text of={text} length={60} />
        </Chip>
      ))}
    </>
  );
}
