import { useEffect } from 'preact/hooks';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import { about, type Server } from '../app/about.ts';
import type { PartnerPage } from '../mock-braze/data-import-keys.ts';
import { Action } from '../parts/action.tsx';
import { farAddress, sentMembers } from '../parts/far-address.tsx';
import { Form, TextEntry, useForm } from '../parts/form.tsx';
import type { Destination } from './destination.ts';

interface ConnectFormProps {
  readonly server: Server;
  /** The connection to change; absent for a new one. */
  readonly existing?: Destination;
  readonly onConnected: (destination: Destination) => Promise<void> | void;
}

/** Destinations → Braze → Connect: the data import key and the REST endpoint of Braze. */
export function ConnectForm({ server, existing, onConnected }: ConnectFormProps) {
  const form = useForm({
    name: existing?.name ?? 'Braze',
    restEndpoint: existing?.restEndpoint ?? '',
    dataImportKey: '',
  });
  const { data: connected } = usePolled<readonly Destination[]>(server, '_sim/destinations');
  const isKnown = connected !== undefined;
  useEffect(() => {
    if (existing === undefined && connected !== undefined) form.set('name', freeName(connected));
  }, [isKnown]);
  const braze = about().servers.find(({ name }) => name === 'mock-braze');
  const fill = (from: Server) => async () => {
    const { rest_endpoint, keys } = await call<PartnerPage>(from, '_sim/data-import-keys');
    const key = keys.findLast(({ state }) => state === 'active')?.key;
    form.fill({ restEndpoint: rest_endpoint, ...(key !== undefined && { dataImportKey: key }) });
    if (key === undefined)
      throw new Error('Braze has no active key. Generate one under Technology Partners.');
    return 'Filled in from Technology Partners.';
  };
  const connect = form.submit(async body => {
    const made =
      existing === undefined
        ? await call<Destination>(server, '_sim/destinations', { method: 'POST', body })
        : await call<Destination>(server, `_sim/destinations/${existing.id}`, { method: 'PUT', body });
    await onConnected(made);
    return existing === undefined ? `${made.name} is connected.` : 'Reconnected.';
  });
  return (
    <Form of={form} label={existing === undefined ? 'Connect Braze' : `Reconnect ${existing.name}`}>
      <TextEntry name="name" label="Connection name" hint="Shown in the menu of each cohort." />
      <TextEntry
        name="restEndpoint"
        label="REST endpoint"
        inputMode="url"
        placeholder="http://127.0.0.1:4010"
        hint={farAddress(form.values.restEndpoint, sentMembers)}
      />
      <TextEntry
        name="dataImportKey"
        label="Data import key"
        hint="From Braze: Technology Partners, Mixpanel. The first sync shows whether Braze accepts it."
      />
      <div class="row">
        <Action look="primary" run={connect}>
          {existing === undefined ? 'Connect' : 'Reconnect'}
        </Action>
        {braze !== undefined && <Action run={fill(braze)}>Copy from mock Braze</Action>}
      </div>
    </Form>
  );
}

/** `Braze`, or the first of `Braze 2`, `Braze 3`… that no connection has. */
function freeName(connected: readonly Destination[]): string {
  const names = new Set(connected.map(({ name }) => name));
  const offered = ['Braze', ...connected.map((_, index) => `Braze ${index + 2}`)];
  return offered.find(name => !names.has(name)) ?? '';
}
