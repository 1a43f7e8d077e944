import { call } from './http.js';
import { Act, count, Details, Table, Trouble, time, useLoaded } from './parts.js';
import { html, useState } from './vendor/preact.js';

/** The newest imported events, with a filter by name. */
export function Events() {
  const [wanted, setWanted] = useState('');
  const numbers = useLoaded(() => call('../events/count'));
  const query = `newest=100${wanted === '' ? '' : `&event=${encodeURIComponent(wanted)}`}`;
  const { value, error } = useLoaded(() => call(`../events?${query}`), [query]);
  return html`<section>
    <div class="row">
      <input type="search" placeholder="exact event name" size="32" value=${wanted} onChange=${event => setWanted(event.target.value)} />
      <span class="quiet">${count(numbers.value?.unique)} events, ${count(numbers.value?.raw)} including duplicates</span>
    </div>
    <${Trouble} error=${error} />
    <${Table} rows=${value?.events ?? []} empty="No events yet." columns=${{
      Event: row => row.event,
      'Distinct ID': row => row.properties?.distinct_id,
      Time: row => time((row.properties?.time ?? 0) * 1_000),
      '': row => html`<${Details} value=${row} />`,
    }} />
  </section>`;
}

/** Cohorts and their syncs. */
export function Cohorts() {
  const cohorts = useLoaded(() => call('../cohorts?members=false'));
  const syncs = useLoaded(() => call('../syncs'));
  const act = (row, verb) => () => call(`../syncs/${row.id}/${verb}`, { method: 'POST' });
  return html`<section>
    <h3>Cohorts</h3>
    <${Trouble} error=${cohorts.error} />
    <${Table} rows=${cohorts.value ?? []} empty="No cohorts yet. Create one with PUT /_sim/cohorts/12345." columns=${{
      ID: row => row.id,
      Name: row => row.name,
      Members: row => count(row.count),
      Created: row => time(row.created),
    }} />
    <h3>Syncs</h3>
    <${Trouble} error=${syncs.error} />
    <${Table} rows=${syncs.value ?? []} empty="No syncs yet. Create one with POST /_sim/syncs." wide=${['To']} columns=${{
      ID: row => row.id,
      Cohort: row => row.cohort,
      Mode: row => row.mode,
      State: row => html`<span class=${row.state === 'active' ? 'good' : ''}>${row.state}</span>`,
      To: row => row.destination.url ?? row.destination.restEndpoint,
      'Next run': row => time(row.nextRunAt),
      '': row => html`<${Details} value=${row} label="history" />`,
      ' ': row => html`<${Act} act=${act(row, 'run')} done=${syncs.reload}>run now<//>
        <${Act} act=${act(row, row.state === 'paused' ? 'start' : 'pause')} done=${syncs.reload}>
          ${row.state === 'paused' ? 'start' : 'pause'}<//>`,
    }} />
  </section>`;
}
