import { useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { about, type Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { Far, farAddress, sentEvents } from '../parts/far-address.tsx';
import { CardsEntry, ChoiceEntry, FieldError, Form, TextEntry, useForm, Where } from '../parts/form.tsx';
import type { Current } from './current.ts';
import { EventPicker } from './event-picker.tsx';

interface CreateCurrentFormProps {
  readonly server: Server;
  readonly initial?: Partial<Record<'kind' | 'name' | 'contactEmail' | 'endpoint' | 'bearerToken', string>>;
  /** Event types that are selected at first; all by default. */
  readonly events?: readonly string[];
  readonly onCreated: (current: Current) => Promise<void> | void;
}

/** Address at which a server of the sandbox is reached, or an empty text. */
const addressOf = (name: string, path = ''): string => {
  const url = about().servers.find(each => each.name === name)?.url;
  return url === undefined ? '' : url + path;
};

/** Currents → Create Current, as Mixpanel Export or Custom HTTP. */
export function CreateCurrentForm({ server, initial, events, onCreated }: CreateCurrentFormProps) {
  const catalogues = Object.keys(about().eventTypes);
  const form = useForm({
    kind: 'custom-http',
    name: '',
    contactEmail: '',
    endpoint: addressOf('service', '/currents'),
    bearerToken: about().currentsToken ?? '',
    apiSecret: about().mixpanelKeys?.apiSecret ?? '',
    projectToken: about().mixpanelKeys?.token ?? '',
    region: 'us',
    apiUrl: addressOf('mock-mixpanel'),
    generation: catalogues[0] ?? '',
    events: '',
    ...initial,
  });
  const [chosen, setChosen] = useState<'all' | readonly string[]>(events ?? 'all');
  const { kind, generation, apiUrl } = form.values;
  const isExport = kind === 'mixpanel-export';
  const create = (launch: boolean) =>
    form.submit(
      async values => {
        if (chosen.length === 0) throw new FieldError('events', 'Select at least one event.');
        const { name, contactEmail, endpoint, bearerToken, apiSecret, projectToken, region, apiUrl } = values;
        const body = {
          ...{ kind, name, contactEmail, generation, events: chosen, launch },
          ...(isExport
            ? { apiSecret, token: projectToken, region, ...(apiUrl !== '' && { apiUrl }) }
            : { endpoint, ...(bearerToken !== '' && { token: bearerToken }) }),
        };
        const current = await call<Current>(server, '_sim/currents', { method: 'POST', body });
        await onCreated(current);
        return `${current.id} is ${current.state}.`;
      },
      { token: isExport ? 'projectToken' : 'bearerToken' },
    );
  return (
    <Form of={form} label="Create Current">
      <Where of={['Partner Integrations', 'Data Export', 'Create Current']} />
      <CardsEntry
        name="kind"
        label="Kind"
        options={[
          {
            value: 'custom-http',
            title: 'Custom HTTP',
            text: 'Batches in Braze’s own form to an endpoint, such as the service.',
          },
          {
            value: 'mixpanel-export',
            title: 'Mixpanel Export',
            text: 'Braze itself maps the events and sends them to Mixpanel.',
          },
        ]}
      />
      <div class="beside">
        <TextEntry name="name" label="Integration name" />
        <TextEntry
          name="contactEmail"
          label="Contact email"
          inputMode="email"
          placeholder="you@example.com"
        />
      </div>
      {isExport ? (
        <>
          <div class="beside">
            <TextEntry name="apiSecret" label="Mixpanel API secret" hint="Mixpanel: Project Settings." />
            <TextEntry name="projectToken" label="Mixpanel token" hint="Mixpanel: Project Settings." />
          </div>
          <div class="beside">
            <ChoiceEntry
              name="region"
              label="Region"
              options={[
                ['us', 'US'],
                ['eu', 'EU'],
                ['in', 'India'],
              ]}
            />
            <TextEntry
              name="apiUrl"
              label="Address instead of the region’s"
              inputMode="url"
              placeholder="http://127.0.0.1:4020"
              hint={
                apiUrl === '' ? (
                  <Far what={sentEvents} to="the real Mixpanel" />
                ) : (
                  <>Empty: the real Mixpanel. {farAddress(apiUrl, sentEvents)}</>
                )
              }
            />
          </div>
        </>
      ) : (
        <div class="beside">
          <TextEntry
            name="endpoint"
            label="Endpoint"
            inputMode="url"
            placeholder="https://events.example.com/currents"
            hint={farAddress(form.values.endpoint, sentEvents)}
          />
          <TextEntry name="bearerToken" label="Bearer token" hint="Empty: no Authorization header." />
        </div>
      )}
      <ChoiceEntry
        name="generation"
        label="Catalogue of events"
        options={catalogues.map(each => [each, each])}
      />
      <EventPicker
        types={about().eventTypes[generation] ?? []}
        chosen={chosen}
        onChoose={next => {
          setChosen(next);
          form.set('events', '');
        }}
      />
      {form.problems.events !== undefined && (
        <p class="wrong" role="alert">
          {form.problems.events}
        </p>
      )}
      <div class="row">
        <Action look="primary" run={create(true)}>
          Launch Current
        </Action>
        <Action run={create(false)}>Save as draft</Action>
      </div>
    </Form>
  );
}
