import { about } from '../app/about.ts';
import { routeOf } from '../app/routes.ts';
import type { Command } from './command.ts';

/**
 * What a text may mean: a user, the name of an event, a part of a request, or the number of a thing. Whether there is one
 * is not known here: each title is a look-up, and none is the name of a thing.
 */
export function searchesFor(typed: string): readonly Command[] {
  const text = typed.trim();
  if (text === '') return [];
  const quoted = `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
  const has = (server: string) => about().servers.some(({ name }) => name === server);
  const simulators = about().servers.filter(({ kind }) => kind === 'simulator');
  const isNumber = /^\d{1,15}$/.test(text);
  return [
    ...(has('service')
      ? [
          ...(isNumber
            ? [
                search(`Look up dead letter ${text}`, 'Service', routeOf('service', 'dead-letters', text)),
                search(`Look up back-fill ${text}`, 'Service', routeOf('service', 'back-fills', text)),
              ]
            : []),
          // A user is in the fragment of the address, which no server sees.
          search(
            `Trace user ${quoted}`,
            'Service',
            routeOf('service', 'trace', undefined, `#${new URLSearchParams({ user: text })}`),
          ),
        ]
      : []),
    ...(has('service') && about().hasDeliveryReport
      ? [
          search(
            `Follow events with ${quoted}`,
            'Sandbox',
            routeOf('sandbox', 'events', undefined, `#${new URLSearchParams({ search: text })}`),
          ),
          search(
            `Follow member ${quoted}`,
            'Sandbox',
            routeOf('sandbox', 'members', undefined, `#${new URLSearchParams({ user: text })}`),
          ),
        ]
      : []),
    ...(has('mock-mixpanel')
      ? [
          search(
            `Search events named ${quoted}`,
            'mock-mixpanel',
            routeOf('mock-mixpanel', 'events', undefined, `?${new URLSearchParams({ event: text })}`),
          ),
          search(
            `Look up event ${quoted} by its $insert_id`,
            'mock-mixpanel',
            routeOf('mock-mixpanel', 'events', text),
          ),
        ]
      : []),
    ...simulators.map(({ name }) =>
      search(
        `Search requests with ${quoted}`,
        name,
        routeOf(name, 'requests', undefined, `#${new URLSearchParams({ search: text })}`),
      ),
    ),
  ];
}

/** Those that look elsewhere than in what the service keeps in memory. */
export const searchesElsewhere = (typed: string): readonly Command[] =>
  searchesFor(typed).filter(({ place }) => place !== 'Sandbox');

const search = (title: string, place: string, route: string): Command => ({
  ...{ key: `search ${place} ${title}`, title, place, route },
});
