import { call } from './http.js';
import { Act, Details, Table, Trouble, useLoaded } from './parts.js';
import { html, useState } from './vendor/preact.js';

/** The active faults, and a form that adds one. */
export function Faults() {
  const { value, error, reload } = useLoaded(() => call('../faults'));
  const coverage = useLoaded(() => call('../coverage'));
  const routes = (coverage.value?.routes ?? []).map(({ id }) => id);
  const kinds = (coverage.value?.faults ?? []).map(({ kind }) => kind);
  const [form, setForm] = useState({
    route: '*',
    kind: 'status',
    status: '503',
    milliseconds: '500',
    times: '',
  });
  const field = name => event => {
    const { value: written } = event.target;
    setForm(old => ({ ...old, [name]: written }));
  };
  const body = {
    route: form.route,
    kind: form.kind,
    ...(form.kind === 'status' && { status: Number(form.status) }),
    ...(form.kind === 'latency' && { milliseconds: Number(form.milliseconds) }),
    ...(form.times !== '' && { times: Number(form.times) }),
  };
  return html`<section>
    <div class="row">
      <label>route <select aria-label="route" value=${form.route} onChange=${field('route')}>${['*', ...routes].map(route => html`<option value=${route}>${route}</option>`)}</select></label>
      <label>kind <select aria-label="kind" value=${form.kind} onChange=${field('kind')}>${kinds.map(kind => html`<option value=${kind}>${kind}</option>`)}</select></label>
      ${form.kind === 'status' && html`<label>status <input aria-label="status" size="4" value=${form.status} onInput=${field('status')} /></label>`}
      ${form.kind === 'latency' && html`<label>ms <input aria-label="milliseconds" size="6" value=${form.milliseconds} onInput=${field('milliseconds')} /></label>`}
      <label>count <input aria-label="count" size="9" placeholder="unlimited" value=${form.times} onInput=${field('times')} /></label>
      <${Act} class="" act=${() => call('../faults', { method: 'POST', body })} done=${reload}>add fault<//>
      <${Act} act=${() => call('../faults', { method: 'DELETE' })} done=${reload}>remove all<//>
    </div>
    <${Trouble} error=${error} />
    <${Table} rows=${value?.faults ?? []} empty="No active faults." columns=${{
      ID: row => row.id,
      Route: row => row.route,
      Kind: row => row.kind,
      Hits: row => row.struck ?? row.hits ?? '—',
      '': row => html`<${Details} value=${row} />`,
      ' ': row =>
        html`<${Act} act=${() => call(`../faults/${row.id}`, { method: 'DELETE' })} done=${reload}>remove<//>`,
    }} />
  </section>`;
}
