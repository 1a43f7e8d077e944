import { call } from '../api/call.ts';
import { type Polled, usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import type { ClockReading } from '../app/server-time.tsx';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Chip } from '../parts/chip.tsx';
import { useNow } from '../parts/clock.tsx';
import { Part } from '../parts/facts.tsx';
import { count } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { LatestOutcome, Outcomes } from '../parts/outcomes.tsx';
import { Table } from '../parts/table.tsx';
import { Code } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { addedText, endAfter, type Fault, kindOf, oftenOf, stateOf } from './fault.ts';
import { FaultForm } from './fault-form.tsx';
import { presetsOf } from './presets.ts';

interface Faulty {
  readonly faults: readonly Fault[];
}

/** A palette of common troubles, the faults of now with the requests that they struck, and a form for any other. */
export function Faults({ server }: ViewProps) {
  const faults = usePolled<Faulty>(server, '_sim/faults', 1_000);
  return (
    <>
      <Part title="Common troubles" level="h2">
        <Palette server={server} onAdded={faults.reload} />
      </Part>
      <Outcomes isPlaced>
        <Part title="Faults" level="h2">
          <LatestOutcome />
          <Loaded of={faults}>
            {({ faults: added }) =>
              added.length === 0 ? (
                <Empty>No active faults: every request gets the vendor&apos;s ordinary answer.</Empty>
              ) : (
                <Added server={server} faults={faults} added={added} />
              )
            }
          </Loaded>
        </Part>
      </Outcomes>
      <Part title="Another fault" level="h2">
        <div class="card">
          <FaultForm server={server} onAdded={faults.reload} />
        </div>
      </Part>
    </>
  );
}

function Palette({ server, onAdded }: { server: Server; onAdded: () => Promise<void> }) {
  const { data: clock } = usePolled<ClockReading>(server, '_sim/clock');
  const add = (body: unknown) => async () => {
    const added = await call<Fault>(server, '_sim/faults', { method: 'POST', body });
    const { id, until, shadowedBy } = added;
    await onAdded();
    if (shadowedBy !== undefined) return addedText(added);
    if (until === undefined) return `${id} applies.`;
    return clock?.frozen === true
      ? `${id} applies. The clock is frozen: it ends when the time is moved.`
      : `${id} applies, and ends by itself.`;
  };
  return (
    <ul class="palette-of" aria-label="Common troubles">
      {presetsOf(server.name).map(({ title, text, icon, fault }) => (
        <li key={title} class="card">
          <h3>
            <Icon name={icon} />
            {title}
          </h3>
          <p class="quiet">{text}</p>
          <Action label={`Start: ${title}`} run={add(fault)}>
            Start
          </Action>
        </li>
      ))}
    </ul>
  );
}

interface AddedProps {
  readonly server: Server;
  readonly faults: Polled<Faulty>;
  readonly added: readonly Fault[];
}

function Added({ server, faults, added }: AddedProps) {
  const now = useNow();
  const remove = (path: string, done: string) => async () => {
    await call(server, path, { method: 'DELETE' });
    await faults.reload();
    return done;
  };
  return (
    <>
      <Table
        label="Active faults"
        rows={added.toReversed()}
        keyOf={fault => fault.id}
        columns={[
          {
            name: 'What',
            kind: 'main',
            cell: fault => (
              <>
                <b>{kindOf(fault)}</b> <span class="quiet">{fault.id}</span>
              </>
            ),
          },
          {
            name: 'State',
            kind: 'state',
            cell: fault => {
              const { tone, text } = stateOf(fault, now);
              return (
                <Chip tone={tone} {...(tone === 'bad' && { icon: 'bolt' })}>
                  {text}
                </Chip>
              );
            },
          },
          {
            name: 'Where',
            cell: fault => (fault.route === '*' ? 'every route' : <Code of={fault.route} />),
          },
          { name: 'How often', kind: 'main', cell: oftenOf },
          { name: 'Ends', cell: fault => <Ends of={fault} /> },
          {
            name: 'Hits',
            kind: 'number',
            cell: ({ id, struck, seen }) =>
              struck === 0 ? (
                `0 of ${count(seen)}`
              ) : (
                <Link
                  href={routeOf(
                    server.name,
                    'requests',
                    undefined,
                    `#${new URLSearchParams({ search: `[${id}]` })}`,
                  )}
                >
                  {count(struck)} of {count(seen)} requests
                </Link>
              ),
          },
          {
            name: 'Remove',
            cell: ({ id }) => (
              <Action label={`Remove ${id}`} run={remove(`_sim/faults/${id}`, `${id} was removed.`)}>
                Remove
              </Action>
            ),
          },
        ]}
      />
      <div class="row">
        <Action look="danger" run={remove('_sim/faults', 'All were removed.')}>
          Remove all
        </Action>
      </div>
    </>
  );
}

/** When a fault ends: after some requests, at a moment, at the first of both, or not by itself. */
function Ends({ of: fault }: { of: Fault }) {
  const after = endAfter(fault);
  if (after === undefined) return <When at={fault.until} none="when it is removed" />;
  if (fault.until === undefined || fault.struck >= fault.times!) return <>{after}</>;
  return (
    <>
      {after} or <When at={fault.until} />
    </>
  );
}
