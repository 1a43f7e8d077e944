/** The REST API for customers: `/users/track`, `/users/export/ids`, and the routes that change identities. */
import { type Respond, type Route, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import type { MockBrazeModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';
import { refusal } from '../vendor-answers.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { accessRules, guarded } from './access.ts';
import { exportUsers, readExport } from './export-request.ts';
import { identityRoutes } from './identity-routes.ts';
import { inputArrays, readTrack } from './track-request.ts';

export function restRoutes(workspaces: Workspaces): Route[] {
  return [
    {
      id: 'users-track',
      method: 'POST',
      path: '/users/track',
      rules: [
        ...rulesFrom.usersTrack(
          '75 objects in a request, in all arrays together',
          '201 with the numbers processed, and `errors` for the objects that were not',
          '400 when no object is valid',
          '`_update_existing_only` creates no user; without it an external id does',
          'array attributes keep their newest 25 values',
          'events and purchases are also sent by Currents',
        ),
        ...rulesFrom.eventObject(
          "`time` is ISO 8601 or `yyyy-MM-dd'T'HH:mm:ss:SSSZ`, UTC without a zone",
          'a `time` in the future becomes the time of receipt',
        ),
        ...rulesFrom.rateLimits('3,000 requests in 3 seconds, then 429 (off until enabled)'),
        ...accessRules,
      ],
      takesPartial: true,
      handle: request =>
        guarded(workspaces, request, { limit: 'users-track', permission: 'users.track', answer: trackUsers }),
    },
    {
      id: 'users-export-ids',
      method: 'POST',
      path: '/users/export/ids',
      rules: [
        ...rulesFrom.usersExport(
          '50 external ids and aliases in a request',
          '`invalid_user_ids` lists unknown ids',
          '`fields_to_export` narrows the profiles',
        ),
        ...rulesFrom.rateLimits('250 requests a minute, then 429 (off until enabled)'),
        ...accessRules,
      ],
      handle: request =>
        guarded(workspaces, request, {
          limit: 'users-export-ids',
          permission: 'users.export.ids',
          answer: exportIds,
        }),
    },
    ...identityRoutes(workspaces),
  ];
}

function trackUsers(model: MockBrazeModel, body: unknown, { refused }: SimRequest): Respond {
  const read = readTrack(body, refused);
  if (!read.ok) {
    const errors = read.errors.length > 0 && { errors: read.errors };
    return respond(400, { message: read.message, ...errors }, { rule: 'fatal error' });
  }
  const { processed } = model.track(read.objects);
  const counts = inputArrays
    .filter(array => processed[array] > 0)
    .map(array => [`${array}_processed`, processed[array]]);
  const errors = read.errors.length > 0 && { errors: read.errors };
  const rule = errors ? 'tracked in part' : 'tracked';
  return respond(201, { message: 'success', ...Object.fromEntries(counts), ...errors }, { rule });
}

function exportIds(model: MockBrazeModel, body: unknown): Respond {
  const read = readExport(body);
  if (typeof read === 'string') return refusal(400, read, 'export request');
  const { users, invalid } = exportUsers(model.users, read);
  const unknown = invalid.length > 0 && { invalid_user_ids: invalid };
  return respond(201, { message: 'success', users, ...unknown }, { rule: 'exported' });
}
