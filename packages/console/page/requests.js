import { call } from './http.js';
import { Details, Table, Trouble, time } from './parts.js';
import { html, useEffect, useState } from './vendor/preact.js';

/** Limit of listed requests. */
const kept = 200;

/** A live list of requests to the simulator. */
export function Requests() {
  const [entries, setEntries] = useState(/** @type {any[]} */ ([]));
  const [error, setError] = useState(/** @type {Error | undefined} */ (undefined));
  const [wanted, setWanted] = useState('');
  useEffect(() => {
    const stream = new EventSource('../stream');
    const add = fresh =>
      setEntries(old => {
        const known = new Set(old.map(({ sequence }) => sequence));
        return [...fresh.filter(({ sequence }) => !known.has(sequence)), ...old]
          .sort((a, b) => b.sequence - a.sequence)
          .slice(0, kept);
      });
    // Opens the stream first, so that no request is missed between it and the list.
    stream.addEventListener('open', () =>
      call(`../requests?limit=${kept}`).then(({ requests }) => {
        setEntries([]);
        add(requests);
        setError(undefined);
      }, setError),
    );
    stream.addEventListener('request', event => add([JSON.parse(event.data)]));
    stream.addEventListener('error', () =>
      setError(new Error('Connection to the request stream lost. Reconnecting.')),
    );
    return () => stream.close();
  }, []);
  const rows = entries.filter(entry =>
    `${entry.method} ${entry.path} ${entry.route} ${entry.status} ${entry.rule}`.includes(wanted),
  );
  return html`<section>
    <div class="row"><input type="search" placeholder="part of path, route, status or rule" size="32" value=${wanted}
      onInput=${event => setWanted(event.target.value)} />
      <span class="quiet">${rows.length} of the last ${entries.length}</span></div>
    <${Trouble} error=${error} />
    <${Table} rows=${rows} empty="No requests yet." wide=${['Rule']} columns=${{
      '#': row => row.sequence,
      Time: row => time(row.at),
      Request: row => `${row.method} ${row.path}`,
      Status: row => html`<span class=${row.status < 400 ? 'good' : 'bad'}>${row.status}</span>`,
      Rule: row => row.rule ?? '—',
      Duration: row => `${Math.round(row.durationMs)} ms`,
      Size: row => `${row.bodyBytes} B`,
      '': row => html`<${Details} value=${{ query: row.query, headers: row.headers, body: row.body }} />`,
    }} />
  </section>`;
}
