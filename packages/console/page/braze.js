import { call } from './http.js';
import { Act, count, Details, reasons, Table, Trouble, time, useLoaded } from './parts.js';
import { html, useState } from './vendor/preact.js';

const post = (path, body) => () => call(`../${path}`, { method: 'POST', body });

/** The Currents of Braze, and a form that emits events. @param {{ eventTypes: Record<string, string[]> }} props */
export function Currents({ eventTypes }) {
  const { value, error, reload } = useLoaded(() => call('../currents'));
  const [form, setForm] = useState({ count: '10', generation: Object.keys(eventTypes)[0] ?? '', type: '' });
  const { generation, type } = form;
  const generate = { count: Number(form.count), generation, ...(type !== '' && { types: [type] }) };
  return html`<section>
    <div class="row">
      <label>events <input aria-label="number of events" size="6" value=${form.count} onInput=${event => setForm({ ...form, count: event.target.value })} /></label>
      <label>of catalogue <select aria-label="catalogue" value=${generation} onChange=${event => setForm({ ...form, generation: event.target.value, type: '' })}>
        ${Object.keys(eventTypes).map(id => html`<option value=${id}>${id}</option>`)}</select></label>
      <label>of type <select aria-label="event type" value=${type} onChange=${event => setForm({ ...form, type: event.target.value })}>
        <option value="">all types</option>${eventTypes[generation]?.map(each => html`<option value=${each}>${each}</option>`)}</select></label>
      <${Act} class="" act=${post('emit', { generate })} done=${reload}>emit<//>
    </div>
    <${Trouble} error=${error} />
    <${Table} rows=${value ?? []} empty="No Currents yet. Create one with POST /_sim/currents." wide=${['Endpoint']} columns=${{
      ID: row => row.id,
      Name: row => row.name,
      State: row => html`<span class=${row.state === 'launched' ? 'good' : 'bad'}>${row.state}</span>`,
      Endpoint: row => row.endpoint ?? row.apiUrl ?? row.folder,
      Sent: row => count(row.sent),
      Dropped: row => reasons(row.dropped),
      'Last response': row =>
        row.lastAnswer
          ? `${row.lastAnswer.status ?? row.lastAnswer.error ?? 'written'} at ${time(row.lastAnswer.at)}`
          : '—',
      '': row => html`<${Details} value=${row} />`,
      ' ': row => html`<${Act} act=${post(`currents/${row.id}/${row.state === 'launched' ? 'pause' : 'launch'}`)} done=${reload}>
        ${row.state === 'launched' ? 'pause' : 'launch'}<//>`,
    }} />
  </section>`;
}

/** Imported cohorts, and the segments that use them. */
export function Segments() {
  const cohorts = useLoaded(() => call('../cohorts'));
  const segments = useLoaded(() => call('../segments'));
  return html`<section>
    <h3>Imported cohorts</h3>
    <${Trouble} error=${cohorts.error} />
    <${Table} rows=${listOf(cohorts.value, 'cohorts')} empty="No imported cohorts yet." columns=${cohortColumns} />
    <h3>Segments</h3>
    <${Trouble} error=${segments.error} />
    <${Table} rows=${listOf(segments.value, 'segments')} empty="No segments." columns=${{
      ID: row => row.id,
      Name: row => row.name,
      Members: row => count(row.count ?? row.size ?? row.members?.length),
      '': row => html`<${Details} value=${row} />`,
    }} />
  </section>`;
}

const cohortColumns = {
  ID: row => row.cohort_id ?? row.id,
  Name: row => row.name,
  Members: row => count(row.members?.length ?? row.count),
  '': row => html`<${Details} value=${row} />`,
};

/** @param {any} value @param {string} name */
const listOf = (value, name) => (Array.isArray(value) ? value : (value?.[name] ?? []));
