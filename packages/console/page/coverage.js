import { call } from './http.js';
import { Table, Trouble, useLoaded } from './parts.js';
import { html } from './vendor/preact.js';

/** The implemented routes and rules with their sources, and what is not simulated. */
export function Coverage() {
  const { value, error } = useLoaded(() => call('../coverage'));
  if (!value) return html`<${Trouble} error=${error} />`;
  const rules = value.routes.flatMap(route => route.rules.map(rule => ({ ...rule, route: route.id })));
  return html`<section>
    <h3>Routes</h3>
    <${Table} rows=${value.routes} empty="None." columns=${{
      Route: row => row.id,
      Endpoints: row => row.endpoints.join(', '),
      Hits: row => row.hits,
      Rules: row => row.rules.length,
    }} />
    <h3>Rules and sources</h3>
    <${Table} rows=${rules} empty="None." wide=${['Rule', 'Source']} columns=${{
      Route: row => row.route,
      Rule: row => row.rule,
      Source: row => (row.source ? `${row.source.from}, ${row.source.seen}` : '—'),
    }} />
    <h3>Not simulated</h3>
    <ul>${value.notSimulated.map(line => html`<li>${line}</li>`)}</ul>
  </section>`;
}
