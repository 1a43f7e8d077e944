import { defaultProject } from '@braze-mixpanel/mock-mixpanel';
import { call } from '@braze-mixpanel/sandbox/control';
import type { StateHandler } from '../verify-contract.ts';
import { cohort, matchProperty } from './query-cases.ts';

/** The provider states of a simulated Mixpanel. The first state of a case resets the project. */
export function mixpanelStates(url: string): Record<string, StateHandler> {
  const control = (method: 'POST' | 'PUT', path: string, body?: unknown) =>
    call(method, `${url}/_sim/${path}`, body);
  return {
    async 'a project with a service account'() {
      await control('POST', 'reset');
      return undefined;
    },
    async 'requests of a limited size'({ bytes }) {
      await control('PUT', 'settings', { requestBytes: bytes });
      return undefined;
    },
    async 'Mixpanel fails'({ status }) {
      await control('POST', 'faults', { route: 'import', kind: 'status', status });
      return undefined;
    },
    async 'the project is over its rate limit'({ route }) {
      await control('POST', 'faults', { route, kind: 'status', status: 429 });
      return undefined;
    },
    async 'a cohort that takes two pages'({ id, members, pageSize }) {
      await control('POST', 'reset');
      await control('PUT', 'settings', { pageSize });
      const known = (members as readonly string[]).map(distinct_id => ({
        distinct_id,
        properties: { [matchProperty]: `braze-${distinct_id}` },
      }));
      await control('PUT', `cohorts/${id}`, { name: 'Big spenders', members: known });
      return undefined;
    },
    async 'an entry in the data dictionary'({ name }) {
      await control('POST', 'reset');
      const schemaJson = { description: 'The user signed up.' };
      await control('PUT', 'state', { schemas: [{ entityType: 'event', name, schemaJson }] });
      return undefined;
    },
    async 'its first page was read'() {
      const query = new URLSearchParams({
        project_id: defaultProject.id,
        api_key: defaultProject.apiSecret,
        filter_by_cohort: JSON.stringify({ id: cohort.id }),
      });
      const { session_id } = await call<{ session_id: string }>('GET', `${url}/api/query/engage?${query}`);
      return { session: session_id };
    },
  };
}
