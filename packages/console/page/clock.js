import { call } from './http.js';
import { Act, Trouble, time, useLoaded } from './parts.js';
import { html, useState } from './vendor/preact.js';

/** The simulator's clock, and its controls. */
export function Clock() {
  const { value, error, reload } = useLoaded(() => call('../clock'));
  const [span, setSpan] = useState('2h');
  const change = body => () => call('../clock', { method: 'POST', body });
  if (!value) return html`<${Trouble} error=${error} />`;
  return html`<div class="row">
    <strong>${time(value.now)}</strong>
    <${Act} act=${change({ freeze: !value.frozen })} done=${reload}>${value.frozen ? 'unfreeze' : 'freeze'}<//>
    <label>by <input size="6" value=${span} onInput=${event => setSpan(event.target.value)} /></label>
    <${Act} act=${change({ advance: span })} done=${reload}>advance<//>
    <span class="quiet">${value.frozen ? 'The clock is frozen.' : ''}</span>
  </div>`;
}
