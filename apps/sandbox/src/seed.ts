import { call } from './control.ts';
import { type Stack, sandboxKeys } from './wiring.ts';

/** Users with an external ID, which Braze can send to Mixpanel, and users without one. */
export const seededUsers = {
  known: ['ada', 'grace', 'alan', 'edsger', 'barbara', 'donald'],
  anonymous: 2,
} as const;

export async function seedUsers({ braze }: Stack): Promise<void> {
  const known = seededUsers.known.map(name => ({ external_id: name }));
  const anonymous = Array.from({ length: seededUsers.anonymous }, (_, index) => ({
    device_ids: [`sandbox-device-${index + 1}`],
  }));
  for (const user of [...known, ...anonymous]) await call('POST', `${braze}/_sim/users`, user);
}

/** Launches a Custom HTTP Current with all event types, from Braze to the service. Resolves to its ID. */
export async function launchCurrent({ braze, service }: Stack): Promise<string> {
  const { id } = await call<{ id: string }>('POST', `${braze}/_sim/currents`, {
    kind: 'custom-http',
    name: 'Sandbox',
    contactEmail: 'sandbox@example.com',
    endpoint: `${service}/currents`,
    token: sandboxKeys.currentsToken,
    events: 'all',
    launch: true,
  });
  return id;
}
