/** The routes `/users/identify`, `/users/alias/new` and `/users/delete`. */
import { type Respond, type Route, respond } from '@braze-mixpanel/simulator-kit';
import type { MockBrazeModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';
import type { RestPermission } from '../state.ts';
import { addAlias, identify } from '../users/identify.ts';
import { refusal } from '../vendor-answers.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { accessRules, guarded } from './access.ts';
import { readDelete, readIdentify, readNewAliases } from './identity-request.ts';

const shared = [
  ...rulesFrom.usersIdentify('50 objects in a request'),
  ...rulesFrom.rateLimits(
    '20,000 requests a minute, shared by identify, alias/new and delete, then 429 (off until enabled)',
  ),
  ...rulesFrom.choice('the texts of 400'),
  ...accessRules,
];

export function identityRoutes(workspaces: Workspaces): Route[] {
  const post = (
    id: string,
    path: string,
    permission: RestPermission,
    rules: Route['rules'],
    answer: Answer,
  ): Route => ({
    ...{ id, method: 'POST', path },
    rules: [...rules, ...shared],
    handle: request => guarded(workspaces, request, { limit: 'users-identity', permission, answer }),
  });
  return [
    post(
      'users-identify',
      '/users/identify',
      'users.identify',
      [
        ...rulesFrom.usersIdentify(
          '`prioritization` is required for e-mail addresses and phone numbers',
          'an unknown external id is assigned to the aliased user, who is then identified',
          'the alias-only profile is merged into a user with a known external id, unless that user has an alias of the same label',
          '`merge_behavior` none keeps only the attributes of the identified user; merge, the default, adds those it lacks',
        ),
        ...rulesFrom.recordedAnswers('201 `{"aliases_processed":n,"message":"success"}`'),
        ...rulesFrom.choice(
          'objects that change nothing count as processed',
          '`prioritization` is without effect: no two users share an address',
        ),
      ],
      identifyUsers,
    ),
    post(
      'users-alias-new',
      '/users/alias/new',
      'users.alias.new',
      [
        ...rulesFrom.usersAlias(
          'without an external id it creates an alias-only user',
          'with an unknown external id it adds nothing',
          'a pair of name and label that exists is answered as success',
        ),
        ...rulesFrom.recordedAnswers('201 `{"aliases_processed":n,"message":"success"}`'),
      ],
      newAliases,
    ),
    post(
      'users-delete',
      '/users/delete',
      'users.delete',
      [
        ...rulesFrom.usersDelete(
          'one kind of id in a request',
          '`prioritization` is required for e-mail addresses and phone numbers',
        ),
        ...rulesFrom.recordedAnswers('201 with `deleted`, and `invalid_user_ids` for unknown ids'),
        ...rulesFrom.choice('deleted users leave their cohorts; the deletion is immediate'),
      ],
      deleteUsers,
    ),
  ];
}

type Answer = (model: MockBrazeModel, body: unknown) => Respond;

function identifyUsers(model: MockBrazeModel, body: unknown): Respond {
  const read = readIdentify(body);
  if (typeof read === 'string') return refusal(400, read, 'identify request');
  const { aliases, emails, phones, merge } = read;
  for (const one of [...aliases, ...emails, ...phones]) {
    const gone = identify(model.users, one, merge);
    if (gone !== undefined) model.cohorts.forget(gone);
  }
  const processed = {
    ...(aliases.length > 0 && { aliases_processed: aliases.length }),
    ...(emails.length > 0 && { emails_processed: emails.length }),
    ...(phones.length > 0 && { phone_numbers_processed: phones.length }),
  };
  return respond(201, { ...processed, message: 'success' }, { rule: 'users identified' });
}

function newAliases(model: MockBrazeModel, body: unknown): Respond {
  const read = readNewAliases(body);
  if (typeof read === 'string') return refusal(400, read, 'alias request');
  for (const alias of read) addAlias(model.users, alias);
  return respond(201, { aliases_processed: read.length, message: 'success' }, { rule: 'aliases added' });
}

function deleteUsers(model: MockBrazeModel, body: unknown): Respond {
  const read = readDelete(body);
  if (typeof read === 'string') return refusal(400, read, 'delete request');
  const invalid: unknown[] = [];
  for (const { shown, reference } of read) {
    const number = reference === null ? undefined : model.users.find(reference);
    if (number === undefined) invalid.push(shown);
    else {
      model.users.delete(number);
      model.cohorts.forget(number);
    }
  }
  const unknown = invalid.length > 0 && { invalid_user_ids: invalid };
  const deleted = read.length - invalid.length;
  return respond(201, { ...unknown, deleted, message: 'success' }, { rule: 'users deleted' });
}
