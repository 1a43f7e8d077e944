/** The REST API for customers: `/users/track`, `/users/export/ids`, and the routes that change identities. */
import { type Respond, type Route, respond, type SimRequest } from '@braze-mixpanel/simulator-kit';
import type { MockBrazeModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';
import { refusal } from '../vendor-answers.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { accessRules, guarded } from './access.ts';
import { exportUsers, readExport } from './export-request.ts';
import { identityRoutes } from './identity-routes.ts';
import { inputArrays } from './input-arrays.ts';
import { readTrack } from './track-request.ts';

export function restRoutes(workspaces: Workspaces): Route[] {
  return [
    {
      id: 'users-track',
      method: 'POST',
      path: '/users/track',
      rules: [
        ...rulesFrom.usersTrack.against('usersTrackOld', '75 objects in a request, in all arrays together'),
        ...rulesFrom.usersTrack(
          '201 with the numbers processed, and `errors` for the objects that were not',
          '400 when no object is valid',
          '`_update_existing_only` creates no user; without it an external id does',
          'events and purchases are also sent by Currents',
        ),
        ...rulesFrom.eventObject(
          "`time` is ISO 8601 or `yyyy-MM-dd'T'HH:mm:ss:SSSZ`, UTC without a zone",
          'a `time` in the future becomes the time of receipt',
          'names of properties are not empty, have at most 255 characters and no leading `$`; `time` and `event_name` are reserved for events',
        ),
        ...rulesFrom.eventObject.against(
          'purchaseSize',
          'properties with an array or an object have at most 100 KB',
        ),
        ...rulesFrom.purchaseObject(
          '`product_id` is a text of at most 255 characters, `currency` an ISO 4217 code, `quantity` an integer from 1 to 100',
          'a `quantity` of n counts as n purchases, each an event of Currents',
        ),
        ...rulesFrom.attributesObject.against('arrayLength', 'array attributes keep their newest 25 values'),
        ...rulesFrom.attributesObject(
          'profile fields are no custom attributes; `bio` is dropped',
          '`email_subscribe`, `push_subscribe` and `subscription_groups` have the listed values',
        ),
        ...rulesFrom.glossary(
          'a changed `email_subscribe`, `push_subscribe` or subscription group is a state change of Currents',
        ),
        ...rulesFrom.eventProperties('the first 256 properties are captured'),
        ...rulesFrom.dataTypes('texts are cut after 255 characters', 'arrays have at most 100 KB'),
        ...rulesFrom.lengthIssue.against(
          'lengthPage',
          'names of events and attributes are cut after 255 characters or 479 bytes',
        ),
        ...rulesFrom.nestedAttributes(
          '`_merge_objects` merges objects at every level',
          'objects have at most 100 KB',
        ),
        ...rulesFrom.emailValidation('an `email` without valid syntax is an error'),
        ...rulesFrom.recordedErrors(
          "`'quantity' is not valid`, and the text for an invalid e-mail address; other fields follow this form",
        ),
        ...rulesFrom.choice(
          'a currency in small letters is refused; one that is no longer in use is accepted',
          'a character is a code point',
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
        ...rulesFrom.usersExport.against(
          'exportExample',
          'one of `device_id`, `email_address` and `phone` in a request',
        ),
        ...rulesFrom.usersExport(
          '50 external ids and aliases in a request',
          '`invalid_user_ids` lists unknown ids',
          '`fields_to_export` narrows the profiles',
          'profile fields at the top level, `current_location` as `last_coordinates`; other names in `custom_attributes`',
          '`custom_events` and `purchases` of the last 90 days, with `first`, `last` and `count`; `total_revenue`',
        ),
        ...rulesFrom.choice(
          '`total_revenue` is the sum of all prices: without campaigns there are no conversion windows, and no exchange rates',
          'profile fields that the list of exported fields lacks, such as `subscription_groups`, keep their name',
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
  const { users, invalid } = exportUsers(model.users, read, model.nowSeconds * 1_000);
  const unknown = invalid.length > 0 && { invalid_user_ids: invalid };
  return respond(201, { message: 'success', users, ...unknown }, { rule: 'exported' });
}
