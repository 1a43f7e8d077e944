import { call } from '@braze-mixpanel/sandbox/control';
import type { StateHandler } from '../verify-contract.ts';

/** The provider states of a simulated Braze. The first state of a case resets the workspace. */
export function brazeStates(url: string): Record<string, StateHandler> {
  const begin = async (state: object) => {
    await call('POST', `${url}/_sim/reset`);
    const users = ['ada', 'alan', 'grace'].map(external_id => ({ external_id }));
    await call('PUT', `${url}/_sim/state`, { users, ...state });
    return undefined;
  };
  return {
    'a workspace without cohorts': () => begin({}),
    'a cohort exists': ({ id, name }) =>
      begin({ cohorts: [{ cohort_id: id, name, created_at: '2023-11-14T22:13:20.000Z', members: [] }] }),
    'a key without the permission users.track': ({ key }) =>
      begin({ rest_keys: [{ key, permissions: ['users.export.ids'] }] }),
    'a key without the permission users.export.ids': ({ key }) =>
      begin({ rest_keys: [{ key, permissions: ['users.track'] }] }),
    'ada has an attribute': ({ attribute }) =>
      begin({
        users: [{ external_id: 'ada', attributes: { [String(attribute)]: true } }, { external_id: 'alan' }],
      }),
    async 'Braze answers'({ route, status, message }) {
      const body = message === undefined ? {} : { body: { message } };
      await call('POST', `${url}/_sim/faults`, { route, kind: 'status', status, ...body });
      return undefined;
    },
  };
}
