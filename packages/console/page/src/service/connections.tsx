import type { ComponentChildren } from 'preact';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Chip } from '../parts/chip.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { bytes, count, counted, span } from '../parts/format.ts';
import { Empty, Loaded, Missing, Problem, RouteOfAll } from '../parts/loaded.tsx';
import { prose } from '../parts/prose.ts';
import { Code, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { WholeMessage } from '../parts/whole-message.tsx';
import { Findings, NotVerified } from './findings.tsx';
import { FiringLine } from './firing-line.tsx';
import { History } from './history.tsx';
import { Reason } from './reasons.tsx';
import { RetryNow } from './retry-now.tsx';
import { type Connection, type Counts, deliveryState, type Status, sum } from './status.ts';

/** What became of all accepted events, by connection, and what needs action. */
export function Connections({ server, id }: ViewProps) {
  const status = usePolled<Status>(server, 'status');
  const all = routeOf(server.name, 'connections');
  return (
    <Loaded of={status}>
      {({ ready, notReadyReason, connections }) => (
        <>
          {ready ? (
            <p class="line">
              <Chip tone="good">Accepting events</Chip>
              <span class="quiet">Braze gets its answer once a batch is stored.</span>
            </p>
          ) : (
            <Problem>
              <strong>Not accepting events.</strong> <Text of={notReadyReason ?? ''} length={600} />
            </Problem>
          )}
          <FiringLine server={server} />
          {Object.keys(connections).length === 0 && <Empty>No connections.</Empty>}
          {id !== undefined && connections[id] === undefined && (
            <RouteOfAll value={all}>
              <Missing>
                There is no connection <Code of={id} />.
              </Missing>
            </RouteOfAll>
          )}
          {id !== undefined && connections[id] !== undefined && Object.keys(connections).length > 1 && (
            <p class="row">
              <Link class="button" href={all}>
                All {count(Object.keys(connections).length)} connections
              </Link>
            </p>
          )}
          {Object.entries(connections)
            .filter(([name]) => id === undefined || id === name)
            .map(([name, connection]) => (
              <ConnectionCard
                key={name}
                server={server}
                name={name}
                of={connection}
                isReady={ready}
                reload={status.reload}
                letters={routeOf(server.name, 'dead-letters')}
              />
            ))}
        </>
      )}
    </Loaded>
  );
}

interface ConnectionCardProps {
  readonly server: Server;
  readonly name: string;
  readonly of: Connection;
  /** Whether the service accepts events. */
  readonly isReady: boolean;
  readonly reload: () => Promise<void>;
  /** Route of the dead letters. */
  readonly letters: string;
}

function ConnectionCard({ server, name, of, isReady, reload, letters }: ConnectionCardProps) {
  const { tone, icon, text } = deliveryState(of, isReady);
  const dead = sum(of.deadLettered);
  const skipped = sum(of.skipped);
  return (
    <article class="card" aria-label={`Connection ${name}`}>
      <header>
        <h2>
          <Link href={routeOf(server.name, 'connections', name)}>
            <Text of={name} />
          </Link>
        </h2>
        <Chip tone={tone} {...(icon && { icon })}>
          {text}
        </Chip>
      </header>
      {of.refusing !== null && (
        <Problem>
          Batches are refused: <Text of={of.refusing} length={600} />
        </Problem>
      )}
      <DeliveryProblem of={of}>
        <RetryNow server={server} connection={name} reload={reload} />
      </DeliveryProblem>
      <Findings of={of.findings} />
      <Shares
        of={[
          ['imported', of.imported],
          ['skipped', skipped],
          ['dead', dead],
          ['pending', of.pending.events],
        ]}
      />
      <dl class="numbers">
        <NumberOf name="Accepted" value={of.accepted} />
        <NumberOf name="Imported" value={of.imported} look="imported" />
        <NumberOf name="Skipped" value={skipped} look="skipped" />
        <NumberOf name="Dead letters" value={dead} look="dead" href={dead > 0 ? letters : undefined} />
        <NumberOf name="Waiting" value={of.pending.events} look="pending" />
      </dl>
      <Facts
        of={[
          ['Backlog', backlogOf(of)],
          ['Last import', <When key="last" at={of.delivery?.lastSuccessAt} none="none since the start" />],
          ...(of.delivery === null
            ? []
            : ([
                [
                  'Requests to Mixpanel',
                  `${of.delivery.requestsInFlight} in flight, at most ${of.delivery.requestsAtMost} at once`,
                ],
              ] as const)),
        ]}
      />
      <Reasons title="Dead letters, by reason" of={of.deadLettered} letters={letters} />
      <NotVerified of={of.findings} />
      {of.delivery !== null && <History server={server} connection={name} />}
      <Reasons title="Skipped, by reason" of={of.skipped} />
    </article>
  );
}

interface DeliveryProblemProps {
  readonly of: Connection;
  /** The action while batches wait for the next attempt. */
  readonly children: ComponentChildren;
}

function DeliveryProblem({ of: { delivery, quarantined, pending }, children }: DeliveryProblemProps) {
  const { lastError, nextAttemptInMs, requestsInFlight = 0, failuresInARow = 0 } = delivery ?? {};
  return (
    <>
      {lastError !== undefined && lastError.resolvedAt === null && (
        <Problem>
          <p>
            <Text of={prose(lastError.message)} length={600} /> <Code of={lastError.code} />{' '}
            <When at={lastError.at} />.{' '}
            <span aria-live="off">
              {failuresInARow > 0 && `${counted(failuresInARow, 'failure')} in a row. `}
              {nextAttemptInMs !== undefined &&
                (requestsInFlight > 0 ? 'Trying now.' : `Next attempt in ${span(nextAttemptInMs)}.`)}
            </span>
          </p>
          <WholeMessage of={lastError.message} />
          {nextAttemptInMs !== undefined && pending.events > 0 && <p>{children}</p>}
        </Problem>
      )}
      {quarantined.batches > 0 && (
        <Problem>
          {counted(quarantined.batches, 'batch', 'batches')} with {counted(quarantined.events, 'event')}{' '}
          stopped the process at every attempt, and {quarantined.batches === 1 ? 'waits' : 'wait'} for an
          operator.
        </Problem>
      )}
    </>
  );
}

function backlogOf({ pending: { batches, events, bytes: size, early, oldestSeconds } }: Connection): string {
  if (events === 0) return 'empty';
  const parts = [
    `${counted(events, 'event')} in ${counted(batches, 'batch', 'batches')}`,
    bytes(size),
    ...(early > 0 ? [`${count(early)} wait for their own time`] : []),
    ...(oldestSeconds === null ? [] : [`oldest ${span(oldestSeconds * 1_000)}`]),
  ];
  return parts.join(' · ');
}

const NumberOf = (props: { name: string; value: number; look?: string; href?: string | undefined }) => (
  <div class={props.look}>
    <dt>{props.name}</dt>
    <dd>{props.href ? <Link href={props.href}>{count(props.value)}</Link> : count(props.value)}</dd>
  </div>
);

/** Parts of a whole as one bar. The numbers are in text beside it. */
const Shares = ({ of }: { of: readonly (readonly [look: string, value: number])[] }) => (
  <svg class="shares" width="100%" height="8" aria-hidden="true">
    {of.map(([look, value], index) => {
      const all = of.reduce((total, [, each]) => total + each, 0) || 1;
      const before = of.slice(0, index).reduce((total, [, each]) => total + each, 0);
      return (
        <rect
          key={look}
          class={look}
          x={`${(100 * before) / all}%`}
          width={`${(100 * value) / all}%`}
          height="8"
        />
      );
    })}
  </svg>
);

interface ReasonsProps {
  readonly title: string;
  readonly of: Counts;
  /** Route of the dead letters, to which each reason leads. */
  readonly letters?: string;
}

function Reasons({ title, of, letters }: ReasonsProps) {
  const rows = Object.entries(of).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return null;
  return (
    <Part title={title}>
      <ul class="reasons">
        {rows.map(([code, number]) => (
          <li key={code}>
            <b>
              {letters === undefined ? (
                count(number)
              ) : (
                <Link href={`${letters}?reason=${encodeURIComponent(code)}`}>{count(number)}</Link>
              )}
            </b>
            <Reason code={code} />
          </li>
        ))}
      </ul>
    </Part>
  );
}
