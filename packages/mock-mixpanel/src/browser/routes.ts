import { type Route, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import { isAuthorized } from '../access.ts';
import { unauthorized } from '../import/answers.ts';
import type { MockMixpanelModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';

/**
 * Routes of the browser SDK that the simulator accepts and counts, and does nothing else with: feature flags,
 * recordings of sessions, remote settings. `/_sim/coverage` shows the number of requests.
 */
export function browserRoutes(model: MockMixpanelModel): Route[] {
  const accepted = (body: unknown) => (request: SimRequest) =>
    isAuthorized(request, model, 'ingestion') ? respond(200, body, { rule: 'accepted' }) : unauthorized();
  const crossOrigin = { headers: ['Authorization', 'Content-Type', 'traceparent'] };
  const rules = [
    ...rulesFrom.browserClient(
      'HTTP Basic with the project token; a preflight allows Authorization, Content-Type and traceparent',
    ),
    ...rulesFrom.choice('accepted and counted, nothing is kept'),
  ];
  return [
    {
      ...{ id: 'flags', method: 'GET', path: '/flags', crossOrigin },
      rules: [...rulesFrom.flags('no flag is enabled: the answer has an empty list'), ...rules],
      handle: accepted({ code: 200, flags: {} }),
    },
    {
      ...{ id: 'record', method: 'POST', path: '/record', crossOrigin, rules },
      handle: accepted({ code: 200, status: 'OK' }),
    },
    {
      ...{ id: 'settings', method: 'GET', path: '/settings', crossOrigin, rules },
      handle: accepted({}),
    },
  ];
}
