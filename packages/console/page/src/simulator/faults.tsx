import { useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { type Polled, usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Input, Select } from '../parts/fields.tsx';
import { count, inWords, milliseconds } from '../parts/format.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Sentence } from '../parts/text.tsx';
import type { CoverageAnswer } from './coverage-answer.ts';

interface Fault {
  readonly id: string;
  readonly route: string;
  readonly kind: string;
  readonly seen: number;
  readonly struck: number;
  readonly times?: number;
  readonly status?: number;
  readonly milliseconds?: number;
  readonly probability: number;
}

interface Faulty {
  readonly faults: readonly Fault[];
}

/** The active faults, and a form that adds one. */
export function Faults({ server }: ViewProps) {
  const faults = usePolled<Faulty>(server, '_sim/faults');
  return (
    <>
      <AddFault server={server} faults={faults} />
      <Loaded of={faults}>
        {({ faults: active }) =>
          active.length === 0 ? (
            <Empty>No active faults: every request gets the vendor&apos;s ordinary answer.</Empty>
          ) : (
            <ActiveFaults server={server} faults={faults} active={active} />
          )
        }
      </Loaded>
    </>
  );
}

function AddFault({ server, faults }: { server: Server; faults: Polled<Faulty> }) {
  const { data: coverage } = usePolled<CoverageAnswer>(server, '_sim/coverage', 60_000);
  const [form, setForm] = useState({
    route: '*',
    kind: 'status',
    status: '503',
    milliseconds: '500',
    times: '',
  });
  const set = (name: keyof typeof form) => (value: string) => setForm(old => ({ ...old, [name]: value }));
  const { route, kind, times } = form;
  const chosen = coverage?.faults.find(each => each.kind === kind);
  const add = async () => {
    const body = {
      ...{ route, kind },
      ...(kind === 'status' && { status: Number(form.status) }),
      ...(kind === 'latency' && { milliseconds: Number(form.milliseconds) }),
      ...(times !== '' && { times: Number(times) }),
    };
    const { id } = await call<Fault>(server, '_sim/faults', { method: 'POST', body });
    await faults.reload();
    return `${id} applies from the next request.`;
  };
  const routes = (coverage?.routes ?? []).map(each => [each.id, each.id] as const);
  return (
    <form class="card" onSubmit={event => event.preventDefault()}>
      <div class="row form">
        <Select
          label="Route"
          value={route}
          onValue={set('route')}
          options={[['*', 'every route'], ...routes]}
        />
        <Select
          label="Kind"
          value={kind}
          onValue={set('kind')}
          options={(coverage?.faults ?? []).map(each => [each.kind, inWords(each.kind.replaceAll('-', ' '))])}
        />
        {kind === 'status' && (
          <Input label="Status" inputMode="numeric" size={5} value={form.status} onValue={set('status')} />
        )}
        {kind === 'latency' && (
          <Input
            label="Milliseconds"
            inputMode="numeric"
            size={7}
            value={form.milliseconds}
            onValue={set('milliseconds')}
          />
        )}
        <Input
          label="Requests"
          inputMode="numeric"
          size={9}
          placeholder="unlimited"
          value={times}
          onValue={set('times')}
        />
        <Action look="primary" run={add}>
          Add fault
        </Action>
      </div>
      {chosen && (
        <p class="quiet">
          The client gets <Sentence of={chosen.client} />. The request is handled:{' '}
          <Sentence of={chosen.handled} />.
        </p>
      )}
    </form>
  );
}

interface ActiveFaultsProps {
  readonly server: Server;
  readonly faults: Polled<Faulty>;
  readonly active: readonly Fault[];
}

function ActiveFaults({ server, faults, active }: ActiveFaultsProps) {
  const remove = (path: string, done: string) => async () => {
    await call(server, path, { method: 'DELETE' });
    await faults.reload();
    return done;
  };
  return (
    <>
      <Table
        label="Active faults"
        rows={active}
        keyOf={fault => fault.id}
        columns={[
          { name: 'ID', cell: fault => fault.id },
          {
            name: 'Route',
            kind: 'main',
            cell: fault => (fault.route === '*' ? 'every route' : <Code of={fault.route} />),
          },
          { name: 'Kind', cell: kindOf },
          {
            name: 'Hits',
            kind: 'number',
            cell: ({ struck, seen }) => `${count(struck)} of ${count(seen)} requests`,
          },
          {
            name: 'Left',
            kind: 'number',
            cell: ({ times, struck }) => (times === undefined ? 'unlimited' : count(times - struck)),
          },
          {
            name: 'Remove',
            cell: ({ id }) => (
              <Action label={`Remove ${id}`} run={remove(`_sim/faults/${id}`, 'Removed.')}>
                Remove
              </Action>
            ),
          },
        ]}
      />
      <Action look="danger" run={remove('_sim/faults', 'All were removed.')}>
        Remove all
      </Action>
    </>
  );
}

function kindOf(fault: Fault): string {
  const { kind, status, probability } = fault;
  const parts = [
    status === undefined ? inWords(kind.replaceAll('-', ' ')) : `Status ${status}`,
    ...(fault.milliseconds === undefined ? [] : [milliseconds(fault.milliseconds)]),
    ...(probability < 1 ? [`${Math.round(100 * probability)} %`] : []),
  ];
  return parts.join(', ');
}
