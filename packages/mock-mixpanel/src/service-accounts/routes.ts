import { type Route, respond } from '@braze-mixpanel/simulator-kit';
import { accessRefusal, applicationRoutes } from '../application-api.ts';
import type { MockMixpanelModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';

/** The part of the Service Accounts API that says when an account expires: the list of a project. */
export function serviceAccountRoutes(model: MockMixpanelModel): Route[] {
  const shared = [
    ...rulesFrom.serviceAccounts(
      'a service account, as HTTP Basic; 401 and 403: {"error":…,"status":"error"}',
    ),
    ...rulesFrom.choice('service accounts of another project in the path: 403'),
  ];
  const listing = [
    ...rulesFrom.serviceAccounts(
      'lists the service accounts of the project as {results, status}, each with id, username, role and expires',
    ),
    ...rulesFrom.choice(
      'expires is null for an account that does not expire; created and last_used are left out',
      'an account of any role may list the accounts',
    ),
  ];
  const route = applicationRoutes(shared, request => accessRefusal(model, request));
  return [
    route('service-accounts', 'GET', '/api/app/projects/:projectId/service-accounts', listing, () => {
      const { project, settings } = model;
      const account = { id: 1, username: project.serviceAccount, role: 'owner' };
      const results = [{ ...account, expires: settings.serviceAccountExpires }];
      return respond(200, { results, status: 'ok' }, { rule: 'listed' });
    }),
  ];
}
