import { call, token } from './http.js';
import { Act, count, Details, reasons, Table, Trouble, time, useLoaded } from './parts.js';
import { html, useState } from './vendor/preact.js';

const post = (path, body) => () => call(path, { method: 'POST', body });

/** The token for `/api`. @param {{ changed: () => void }} props */
export function Token({ changed }) {
  const [value, setValue] = useState(token.get());
  const keep = event => {
    event.preventDefault();
    token.set(value);
    changed();
  };
  return html`<form class="row" onSubmit=${keep}>
    <label>admin or viewer token <input type="password" autocomplete="off" value=${value}
      onInput=${event => setValue(event.target.value)} /></label>
    <button type="submit" class="secondary outline">Sign in</button>
  </form>`;
}

/** The state of all accepted events, by connection. */
export function Delivery() {
  const { value, error } = useLoaded(() => call('../status'));
  const rows = Object.entries(value?.connections ?? {}).map(([id, connection]) => ({ id, ...connection }));
  return html`<section>
    <${Trouble} error=${error} />
    ${value && html`<p>${value.ready ? html`<span class="good">Accepting events.</span>` : html`<span class="bad">${value.notReadyReason}</span>`}</p>`}
    <${Table} rows=${rows} empty="No connections." wide=${['Last error']} columns=${{
      Connection: row => row.id,
      Accepted: row => count(row.accepted),
      Imported: row => count(row.imported),
      Skipped: row => reasons(row.skipped),
      'Dead letters': row => reasons(row.deadLettered),
      Pending: ({ pending: { events, early, oldestSeconds } }) =>
        [
          count(events),
          ...(early > 0 ? [`${count(early)} early`] : []),
          ...(oldestSeconds === null ? [] : [`oldest ${count(oldestSeconds)} s`]),
        ].join(', '),
      Delivery: row =>
        html`<span class=${['idle', 'delivering', 'waiting'].includes(row.delivery?.state) ? 'good' : 'bad'}>${row.delivery?.state ?? 'not configured'}</span>`,
      'Last success': row => time(row.delivery?.lastSuccessAt),
      'Last error': row =>
        row.delivery?.lastError && row.delivery.lastError.resolvedAt === null
          ? row.delivery.lastError.message
          : '—',
    }} />
  </section>`;
}

/** The syncs of Mixpanel cohorts into Braze. */
export function CohortSyncs() {
  const { value, error, reload } = useLoaded(() => call('../status'));
  const rows = Object.values(value?.connections ?? {}).flatMap(connection => connection.cohorts);
  const act = (row, verb) => post(`../api/cohorts/${encodeURIComponent(row.id)}/${verb}`);
  return html`<section>
    <${Trouble} error=${error} />
    <${Table} rows=${rows} empty="No cohort syncs." wide=${['Problem']} columns=${{
      Sync: row => row.id,
      Name: row => row.name,
      Status: row => (row.running ? 'running' : row.status),
      Mode: row => `${row.mode}, ${row.source} → ${row.sink}`,
      'Profiles in Mixpanel': row => count(row.mixpanelProfiles),
      'Members in Mixpanel': row => count(row.mixpanelMembers),
      'Last read': row => time(row.mixpanelReadAt),
      Sent: row => count(row.sentMembers),
      'Accepted by Braze': row => count(row.brazeMembers),
      'To resend': row => count(row.openMembers),
      'Read back': row =>
        row.confirmedMembers === null
          ? html`<span title=${row.confirmedWhy ?? ''}>unknown</span>`
          : `${row.confirmedMembers} of ${row.confirmedOf}`,
      Unmatched: row => count(row.unmatched),
      'Last success': row => (row.lastSuccess === null ? 'never' : time(row.lastSuccess)),
      'Next run': row => time(row.nextRun),
      Problem: row =>
        html`<span class="bad">${row.problem?.message ?? (row.held ? `Waiting for confirmation: ${row.held.from} → ${row.held.to} members` : '')}</span>`,
      '': row => html`<${Act} act=${act(row, 'run')} done=${reload}>run now<//>
        <${Act} act=${act(row, row.status === 'paused' ? 'resume' : 'pause')} done=${reload}>${row.status === 'paused' ? 'resume' : 'pause'}<//>
        ${
          row.held &&
          html`<${Act} act=${act(row, 'confirm')} done=${reload}
          sure="Apply the held change from ${row.held.from} to ${row.held.to} members?">confirm<//>`
        }`,
    }} />
  </section>`;
}

/** Dead letters with their reasons, and their replay. */
export function DeadLetters() {
  const [reason, setReason] = useState('');
  const query = `limit=100${reason === '' ? '' : `&reason=${encodeURIComponent(reason)}`}`;
  const { value, error, reload } = useLoaded(() => call(`../api/dead-letters?${query}`), [query]);
  const all = Object.entries(value?.counts ?? {});
  return html`<section>
    <div class="row">
      <label>reason <select aria-label="reason" value=${reason} onChange=${event => setReason(event.target.value)}><option value="">all</option>
        ${all.map(([name, number]) => html`<option value=${name}>${name} (${count(number)})</option>`)}</select></label>
      <${Act} act=${post('../api/dead-letters/replay', reason === '' ? {} : { reason })} done=${reload}
        sure="Replay ${reason === '' ? 'all dead letters' : `all with reason ${reason}`}?">replay ${reason === '' ? 'all' : 'these'}<//>
    </div>
    <${Trouble} error=${error} />
    <${Table} rows=${value?.deadLetters ?? []} empty="No dead letters." wide=${['Detail']} columns=${{
      ID: row => row.id,
      Connection: row => row.connection,
      'Failed at': row => time(row.diedAt),
      Type: row => row.eventType ?? '—',
      Reason: row => row.reason,
      Detail: row => row.detail,
      '': row => html`<${Details} value=${{ original: row.original, mapped: row.mapped }} />`,
      ' ': row => html`<${Act} act=${post(`../api/dead-letters/${row.id}/replay`)} done=${reload}>replay<//>`,
    }} />
  </section>`;
}
