/** Components shared by the views. */
import { html, useCallback, useEffect, useState } from './vendor/preact.js';

/** Polling interval of a view, in milliseconds. */
const again = 2_000;

/**
 * The result of a call, polled every two seconds while the view is mounted; `reload` polls immediately.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @param {unknown[]} [inputs]
 * @returns {{ value: T | undefined, error: Error | undefined, reload: () => void }}
 */
export function useLoaded(load, inputs = []) {
  const [state, setState] = useState({ value: undefined, error: undefined });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let over = false;
    let timer = 0;
    const look = async () => {
      try {
        const value = await load();
        if (!over) setState({ value, error: undefined });
      } catch (error) {
        if (!over) setState(old => ({ value: old.value, error }));
      }
      if (!over) timer = setTimeout(look, again);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [turn, ...inputs]);
  const reload = useCallback(() => setTurn(now => now + 1), []);
  return { ...state, reload };
}

/** @param {{ error: Error | undefined }} props */
export const Trouble = ({ error }) => (error ? html`<p role="alert">${error.message}</p>` : null);

/**
 * A button for an action on the server: disabled while the action runs, then with the error, if any.
 *
 * @param {{ act: () => Promise<unknown>, done?: () => void, sure?: string, class?: string, children?: unknown }} props
 */
export function Act({ act, done, sure, children, class: look = 'secondary outline' }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(/** @type {Error | undefined} */ (undefined));
  const click = async () => {
    if (sure !== undefined && !confirm(sure)) return;
    setBusy(true);
    setError(undefined);
    try {
      await act();
      done?.();
    } catch (failed) {
      setError(failed);
    }
    setBusy(false);
  };
  return html`<button type="button" class=${look} aria-busy=${busy} disabled=${busy} onClick=${click}>${children}</button>
    ${error && html`<small class="bad" role="alert">${error.message}</small>`}`;
}

/**
 * @param {{ rows: any[], columns: Record<string, (row: any) => unknown>, wide?: string[], empty: string }} props
 */
export function Table({ rows, columns, wide = [], empty }) {
  if (rows.length === 0) return html`<p class="quiet">${empty}</p>`;
  const names = Object.keys(columns);
  return html`<div class="scroll"><table>
    <thead><tr>${names.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${rows.map(
      (row, place) => html`<tr key=${row.id ?? row.sequence ?? place}>
        ${names.map(name => html`<td class=${wide.includes(name) ? 'wide' : ''}>${columns[name]?.(row)}</td>`)}
      </tr>`,
    )}</tbody>
  </table></div>`;
}

/** @param {{ value: unknown, label?: string }} props */
export function Details({ value, label = 'show' }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return html`<details><summary>${label}</summary><pre>${text}</pre></details>`;
}

/** @param {string | number | null | undefined} moment */
export const time = moment =>
  moment === null || moment === undefined
    ? '—'
    : new Date(moment)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z/, ' UTC');

/** @param {number | null | undefined} number */
export const count = number => (number === null || number === undefined ? '—' : number.toLocaleString('en'));

/** @param {Record<string, number>} reasons */
export const reasons = reasons =>
  Object.entries(reasons)
    .map(([reason, number]) => `${reason} ${count(number)}`)
    .join(', ') || '—';
