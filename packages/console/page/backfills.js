import { call } from './http.js';
import { Act, count, reasons, Table, Trouble, time, useLoaded } from './parts.js';
import { html, useState } from './vendor/preact.js';

const path = '../api/backfills';

/** Jobs that bring in exported files: start, pause, resume and cancel them. */
export function Backfills() {
  const { value, error, reload } = useLoaded(() => call(`${path}?limit=50`));
  const [source, setSource] = useState('');
  const [dryRun, setDryRun] = useState(true);
  /** The whole report of one job, which the list does not have. */
  const [report, setReport] = useState(/** @type {any} */ (undefined));
  const start = () => call(path, { method: 'POST', body: { source, dryRun } });
  return html`<section>
    <div class="row">
      <label>folder or bucket <input value=${source} onInput=${event => setSource(event.target.value)} /></label>
      <label><input type="checkbox" checked=${dryRun} onChange=${event => setDryRun(event.target.checked)} /> dry run</label>
      <${Act} act=${start} done=${reload} class="">start<//>
    </div>
    <${Trouble} error=${error} />
    ${
      value &&
      html`<${Table} rows=${value.backfills} empty="No back-fills." wide=${['Source', 'Problem']} columns=${{
        ID: row => row.id,
        Kind: kindOf,
        Connection: row => row.connection,
        Source: row => row.source,
        State: row => html`<span class=${row.state === 'failed' ? 'bad' : 'good'}>${row.state}</span>`,
        Created: row => time(row.createdAt),
        Read: shareOf,
        Files: ({ report: { files } }) => `${count(files.read)} read, ${count(files.unreadable)} unreadable`,
        Events: row => count(row.report.events.accepted),
        'Imported by all': row => (row.isDryRun ? '—' : count(row.delivery.imported)),
        'Dead letters of all': row => (row.isDryRun ? '—' : reasons(row.delivery.deadLettered)),
        Problem: row => html`<span class="bad">${row.problem ?? row.collected?.problem ?? ''}</span>`,
        '': row => html`<${Act} act=${async () => setReport(await call(`${path}/${row.id}`))}>report<//>`,
        ' ': row =>
          verbsOf(row).map(
            verb =>
              html`<${Act} act=${() => call(`${path}/${row.id}/${verb}`, { method: 'POST' })} done=${reload}>${verb}<//>`,
          ),
      }} />`
    }
    ${report !== undefined && html`<h2>Back-fill ${report.id}</h2><pre>${JSON.stringify(report, undefined, 2)}</pre>`}
  </section>`;
}

/** @param {any} row */
function kindOf({ collects, isSearchForGaps, isDryRun }) {
  const kind = collects ? 'collected files' : isSearchForGaps ? 'search for gaps' : 'back-fill';
  return isDryRun ? `${kind}, dry run` : kind;
}

/** @param {any} row */
function shareOf({ collects, collected, report: { total, bytes } }) {
  if (collects) return collected === null ? 'not yet looked' : `looked ${time(collected.lookedAt)}`;
  if (total === null) return 'counting files';
  return total.bytes === 0 ? '—' : `${Math.floor((100 * Math.min(bytes, total.bytes)) / total.bytes)} %`;
}

/** @param {any} row */
function verbsOf({ state, collects }) {
  if (state === 'running') return collects ? ['pause'] : ['pause', 'cancel'];
  if (state === 'paused') return collects ? ['resume'] : ['resume', 'cancel'];
  return state === 'failed' ? ['resume', 'cancel'] : [];
}
