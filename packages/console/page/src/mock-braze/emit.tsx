import { useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { about, type Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { Input, Select } from '../parts/fields.tsx';
import { counted } from '../parts/format.ts';

interface Emission {
  readonly emitted: number;
  readonly attempts: readonly { readonly status?: number; readonly error?: string }[];
  readonly notice?: string;
}

/** A form that emits generated events. */
export function Emit({ server, onEmitted }: { server: Server; onEmitted: () => Promise<void> }) {
  const { eventTypes } = about();
  const catalogues = Object.keys(eventTypes);
  const [form, setForm] = useState({ count: '10', generation: catalogues[0] ?? '', type: '' });
  const { generation, type } = form;
  const emit = async () => {
    if (!/^\s*[1-9]\d*\s*$/.test(form.count)) throw new Error('Enter a whole number of events, at least 1.');
    const generate = { count: Number(form.count), generation, ...(type !== '' && { types: [type] }) };
    const body = { generate };
    const { emitted, attempts, notice } = await call<Emission>(server, '_sim/emit', { method: 'POST', body });
    await onEmitted();
    if (notice !== undefined) throw new Error(notice);
    const failed = attempts.filter(({ status = 0 }) => status >= 300 || status === 0).length;
    return `${counted(emitted, 'event')} emitted, ${counted(attempts.length, 'request')}${failed > 0 ? `, ${failed} of them failed` : ''}.`;
  };
  return (
    <form class="card" onSubmit={event => event.preventDefault()}>
      <div class="row form">
        <Input
          label="Events"
          inputMode="numeric"
          size={6}
          value={form.count}
          onValue={count => setForm(old => ({ ...old, count }))}
        />
        <Select
          label="Catalogue"
          value={generation}
          onValue={chosen => setForm(old => ({ ...old, generation: chosen, type: '' }))}
          options={catalogues.map(each => [each, each])}
        />
        <Select
          label="Event type"
          value={type}
          onValue={chosen => setForm(old => ({ ...old, type: chosen }))}
          options={[['', 'all types'], ...(eventTypes[generation] ?? []).map(each => [each, each] as const)]}
        />
        <Action look="primary" run={emit}>
          Emit
        </Action>
      </div>
    </form>
  );
}
