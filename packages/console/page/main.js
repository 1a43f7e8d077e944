import { Backfills } from './backfills.js';
import { Currents, Segments } from './braze.js';
import { Clock } from './clock.js';
import { Coverage } from './coverage.js';
import { Faults } from './faults.js';
import { call } from './http.js';
import { Cohorts, Events } from './mixpanel.js';
import { Trouble } from './parts.js';
import { Requests } from './requests.js';
import { CohortSyncs, DeadLetters, Delivery, Token } from './service.js';
import { html, render, useEffect, useState } from './vendor/preact.js';

/** The views of each server, by its name. */
const views = {
  service: { Delivery, Cohorts: CohortSyncs, 'Dead letters': DeadLetters, 'Back-fills': Backfills },
  'mock-braze': { Currents, Segments, Requests, Faults, Coverage },
  'mock-mixpanel': { Events, Cohorts, Requests, Faults, Coverage },
  simulator: { Requests, Faults, Coverage },
};

/** @param {{ name: keyof typeof views, eventTypes: Record<string, string[]> }} props */
function Console({ name, eventTypes }) {
  const own = views[name] ?? views.simulator;
  const [chosen, setChosen] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const [turn, setTurn] = useState(0);
  const current = Object.hasOwn(own, chosen) ? chosen : (Object.keys(own)[0] ?? '');
  const View = own[current];
  useEffect(() => {
    document.title = `${name}: ${current}`;
    history.replaceState(null, '', `#${encodeURIComponent(current)}`);
  }, [current]);
  return html`<header>
      <h1>${name}</h1>
      ${name === 'service' ? html`<${Token} changed=${() => setTurn(turn + 1)} />` : html`<${Clock} />`}
      <nav role="tablist">${Object.keys(own).map(
        view => html`<button type="button" role="tab" class="secondary outline" aria-selected=${view === current}
          onClick=${() => setChosen(view)}>${view}</button>`,
      )}</nav>
    </header>
    <main><${View} key=${`${current} ${turn}`} eventTypes=${eventTypes} /></main>`;
}

try {
  const { server, eventTypes } = await call('about.json');
  const name = server === 'service' ? 'service' : (await call('../health')).name;
  render(html`<${Console} name=${name} eventTypes=${eventTypes} />`, document.body);
} catch (error) {
  render(html`<main><${Trouble} error=${error} /></main>`, document.body);
}
