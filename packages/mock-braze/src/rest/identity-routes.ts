/** `/users/identify`, `/users/alias/new` and `/users/delete`. */
import { type Respond, type Route, respond } from '@braze-mixpanel/simulator-kit';
import type { MockBrazeModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';
import { addAlias, identify } from '../users/identify.ts';
import { refusal } from '../vendor-answers.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { accessRules, guarded } from './access.ts';
import { readDelete, readIdentify, readNewAliases } from './identity-request.ts';

const shared = [
  ...rulesFrom.usersIdentify('50 objects in a request'),
  ...rulesFrom.rateLimits(
    '20,000 requests a minute, shared by identify, alias/new and delete, then 429 (off until asked for)',
  ),
  ...rulesFrom.choice('the words of 400'),
  ...accessRules,
];

export function identityRoutes(workspaces: Workspaces): Route[] {
  const post = (id: string, path: string, rules: Route['rules'], answer: Answer): Route => ({
    id,
    method: 'POST',
    path,
    rules: [...rules, ...shared],
    handle: request =>
      guarded(workspaces, request, { limit: 'users-identity', permission: permissions[path]!, answer }),
  });
  return [
    post(
      'users-identify',
      '/users/identify',
      [
        ...rulesFrom.usersIdentify(
          'an unknown external id is given to the aliased user, who is identified from then on',
          'a known external id takes the alias-only profile in, unless it has an alias of the same label',
          '`merge_behavior` none keeps the attributes of the identified user alone; merge, the default, adds those it has not',
        ),
        ...rulesFrom.recordedAnswers('201 `{"aliases_processed":n,"message":"success"}`'),
        ...rulesFrom.choice(
          'objects for whom nothing changes count as processed',
          '`prioritization` is read and without effect: no two users share an address',
        ),
      ],
      identifyUsers,
    ),
    post(
      'users-alias-new',
      '/users/alias/new',
      [
        ...rulesFrom.usersAlias(
          'without an external id it makes an alias-only user',
          'with an external id that nobody has it adds nothing',
          'a pair of name and label that exists is answered as success',
        ),
        ...rulesFrom.recordedAnswers('201 `{"aliases_processed":n,"message":"success"}`'),
      ],
      newAliases,
    ),
    post(
      'users-delete',
      '/users/delete',
      [
        ...rulesFrom.usersDelete('one kind of id in a request'),
        ...rulesFrom.recordedAnswers('201 with `deleted`, and `invalid_user_ids` for those nobody has'),
        ...rulesFrom.choice('deleted users leave their cohorts; it happens at once'),
      ],
      deleteUsers,
    ),
  ];
}

type Answer = (model: MockBrazeModel, body: unknown) => Respond;

const permissions: Readonly<Record<string, 'users.identify' | 'users.alias.new' | 'users.delete'>> = {
  '/users/identify': 'users.identify',
  '/users/alias/new': 'users.alias.new',
  '/users/delete': 'users.delete',
};

function identifyUsers(model: MockBrazeModel, body: unknown): Respond {
  const read = readIdentify(body);
  if (!read.ok) return refusal(400, read.message, 'identify request');
  const { aliases, emails, phones, merge } = read.value;
  for (const one of [...aliases, ...emails, ...phones]) {
    const gone = identify(model.users, one, merge);
    if (gone !== undefined) model.cohorts.forget(gone);
  }
  return respond(
    201,
    {
      ...(aliases.length > 0 && { aliases_processed: aliases.length }),
      ...(emails.length > 0 && { emails_processed: emails.length }),
      ...(phones.length > 0 && { phone_numbers_processed: phones.length }),
      message: 'success',
    },
    { rule: 'users identified' },
  );
}

function newAliases(model: MockBrazeModel, body: unknown): Respond {
  const read = readNewAliases(body);
  if (!read.ok) return refusal(400, read.message, 'alias request');
  for (const alias of read.value) addAlias(model.users, alias);
  return respond(
    201,
    { aliases_processed: read.value.length, message: 'success' },
    { rule: 'aliases added' },
  );
}

function deleteUsers(model: MockBrazeModel, body: unknown): Respond {
  const read = readDelete(body);
  if (!read.ok) return refusal(400, read.message, 'delete request');
  const invalid: unknown[] = [];
  let deleted = 0;
  for (const { shown, reference } of read.value) {
    const number = reference === null ? undefined : model.users.find(reference);
    if (number === undefined) invalid.push(shown);
    else {
      model.users.delete(number);
      model.cohorts.forget(number);
      deleted += 1;
    }
  }
  return respond(
    201,
    {
      ...(invalid.length > 0 && { invalid_user_ids: invalid }),
      deleted,
      message: 'success',
    },
    { rule: 'users deleted' },
  );
}
