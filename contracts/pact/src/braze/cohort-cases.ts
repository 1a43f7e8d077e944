/** Cases of the service with Braze's partner cohort import. */
import { cohortImportErrors, cohortImportLimits, cohortPartner } from '@braze-mixpanel/core/braze';
import { memberKey } from '@braze-mixpanel/core/cohorts';
import { defaultDataImportKey, defaultPartnerKey } from '@braze-mixpanel/mock-braze';
import { partnerSink, type SinkAnswer } from '@braze-mixpanel/service/contracts';
import { HTTPResponseStatusClass, MatchersV3 } from '@pact-foundation/pact';
import type { HttpCase } from '../contract.ts';
import { connectionTo, neverStops, vendor } from '../service-connection.ts';
import { assertMeans, type Meaning } from './meaning.ts';

type Sink = ReturnType<typeof partnerSink>;
type Answer = HttpCase['interaction']['willRespondWith'];

const { iso8601DateTimeWithMillis, matchStatus, regex } = MatchersV3;

interface Expected {
  readonly states?: HttpCase['interaction']['states'];
  readonly path?: string;
  readonly keys?: object;
  /** Fields of the body other than the keys. */
  readonly body: object;
  readonly answer?: Answer;
  readonly meant: Meaning;
  readonly send: (sink: Sink) => Promise<SinkAnswer>;
  /** The fault in the service's environment. */
  readonly wrong?: Record<string, string>;
  readonly now?: () => number;
}

const cohort = { id: '12345', name: 'Big spenders' };
const cohortExists = { description: 'a cohort exists', parameters: cohort };
const keys = { partner_api_key: defaultPartnerKey, client_secret: defaultDataImportKey };
const createPath = `/partners/${cohortPartner}/cohorts`;
const changePath = `${createPath}/users`;
/** The body of a success is not documented, so the service does not require one. */
const taken = { status: matchStatus(201, HTTPResponseStatusClass.Success) };
/** The year 275760: its text has a sign, so Braze rejects it as ISO-8601. */
const lastMoment = 8.64e15;

const change = (remove: boolean, ids: readonly string[]) =>
  ids.map(id => ({ key: memberKey({ kind: 'external_id', id }), remove }));
const changes = (cohort_changes: unknown) => ({ cohort_id: cohort.id, cohort_changes });
const added = (ids: readonly string[]) => ({ user_ids: ids, should_remove: false });
const removed = (ids: readonly string[]) => ({ user_ids: ids, should_remove: true });
const introduction = ({ id, name } = cohort, at = vendor.now()) => ({
  cohort_id: id,
  name,
  created_at:
    at === lastMoment ? new Date(at).toISOString() : iso8601DateTimeWithMillis(new Date(at).toISOString()),
});
const sendOne = (sink: Sink) => sink.send(cohort, change(false, ['ada']), neverStops);
const brazeAnswers = (parameters: { route: string; status: number; message?: string }) => [
  cohortExists,
  { description: 'Braze answers', parameters },
];

function importCase(description: string, expected: Expected): HttpCase {
  const { states = [cohortExists], path = changePath, body, meant, send } = expected;
  const { answer = taken, wrong = {}, now = vendor.now } = expected;
  return {
    interaction: {
      states,
      uponReceiving: description,
      withRequest: {
        method: 'POST',
        path,
        headers: { 'Content-Type': 'application/json' },
        body: { ...(expected.keys ?? keys), ...body },
      },
      willRespondWith: answer,
    },
    async play(url) {
      const sink = partnerSink(connectionTo(url, wrong).braze, { ...vendor, now });
      assertMeans(await send(sink), meant, defaultDataImportKey);
    },
  };
}

const members = Array.from({ length: cohortImportLimits.idsPerRequest + 1 }, (_, index) => `${index}`);
const notEnabled = cohortImportErrors.partnerNotEnabled.message;

/** The cause of each documented rejection; if the service can't cause it, a provider state does. */
const refusals: Readonly<Record<keyof typeof cohortImportErrors, Expected>> = {
  invalidCohortId: {
    path: createPath,
    body: introduction({ ...cohort, id: '' }),
    meant: ['stop', 'braze_request_refused'],
    send: sink => sink.introduce({ ...cohort, id: '' }, neverStops),
  },
  invalidName: {
    path: createPath,
    body: introduction({ ...cohort, name: '' }),
    meant: ['stop', 'braze_request_refused'],
    send: sink => sink.introduce({ ...cohort, name: '' }, neverStops),
  },
  invalidCreatedAt: {
    path: createPath,
    body: introduction(cohort, lastMoment),
    now: () => lastMoment,
    meant: ['stop', 'braze_request_refused'],
    send: sink => sink.introduce(cohort, neverStops),
  },
  invalidChanges: {
    states: brazeAnswers({ route: 'partner-cohorts-users', ...cohortImportErrors.invalidChanges }),
    body: changes([added(['ada'])]),
    meant: ['refused', 'braze_refuses_members'],
    send: sendOne,
  },
  tooManyIds: {
    body: changes([added(members)]),
    meant: ['refused', 'braze_refuses_members'],
    send: sink => sink.send(cohort, change(false, members), neverStops),
  },
  invalidPartnerKey: {
    wrong: { BRAZE_PARTNER_API_KEY: 'wrong-partner-key' },
    keys: { ...keys, partner_api_key: 'wrong-partner-key' },
    body: changes([added(['ada'])]),
    meant: ['stop', 'braze_credentials_refused'],
    send: sendOne,
  },
  invalidClientSecret: {
    wrong: { BRAZE_DATA_IMPORT_KEY: 'wrong-data-import-key' },
    keys: { ...keys, client_secret: 'wrong-data-import-key' },
    body: changes([added(['ada'])]),
    meant: ['stop', 'braze_credentials_refused'],
    send: sendOne,
  },
  partnerNotEnabled: {
    states: brazeAnswers({
      route: 'partner-cohorts-users',
      status: cohortImportErrors.partnerNotEnabled.status,
      message: notEnabled + defaultDataImportKey,
    }),
    body: changes([added(['ada'])]),
    // The vendor's text ends with the secret.
    answer: {
      status: cohortImportErrors.partnerNotEnabled.status,
      body: { message: regex(`^${notEnabled}.*$`, notEnabled + defaultDataImportKey) },
    },
    meant: ['stop', 'braze_credentials_refused'],
    send: sendOne,
  },
  unauthorized: {
    wrong: { BRAZE_PARTNER_API_KEY: '' },
    keys: { client_secret: defaultDataImportKey },
    body: changes([added(['ada'])]),
    meant: ['stop', 'braze_credentials_refused'],
    send: sendOne,
  },
  locked: {
    states: brazeAnswers({ route: 'partner-cohorts-users', status: cohortImportErrors.locked.status }),
    body: changes([added(['ada'])]),
    meant: ['retry', 'braze_throttled'],
    send: sendOne,
  },
};

const refusalCases = Object.entries(refusals).map(([name, expected]) => {
  const { status, message } = cohortImportErrors[name as keyof typeof cohortImportErrors];
  return importCase(`an import rejected with ${status}: ${message}`, {
    answer: { status, body: { message } },
    ...expected,
  });
});

export const cohortCases: readonly HttpCase[] = [
  importCase('a new cohort', {
    states: [{ description: 'a workspace without cohorts' }],
    path: createPath,
    body: introduction(),
    meant: ['accepted'],
    send: sink => sink.introduce(cohort, neverStops),
  }),
  importCase('members that join', {
    body: changes([added(['ada', 'grace'])]),
    meant: ['accepted'],
    send: sink => sink.send(cohort, change(false, ['ada', 'grace']), neverStops),
  }),
  importCase('members that leave', {
    body: changes([removed(['alan'])]),
    meant: ['accepted'],
    send: sink => sink.send(cohort, change(true, ['alan']), neverStops),
  }),
  importCase('members that join and leave', {
    body: changes([added(['ada']), removed(['alan'])]),
    meant: ['accepted'],
    send: sink => sink.send(cohort, [...change(false, ['ada']), ...change(true, ['alan'])], neverStops),
  }),
  importCase('members of every kind that join', {
    body: changes([
      {
        user_ids: ['ada'],
        device_ids: ['device-1'],
        aliases: [{ alias_name: 'grace', alias_label: 'mixpanel' }],
        should_remove: false,
      },
    ]),
    meant: ['accepted'],
    send: sink =>
      sink.send(
        cohort,
        [
          { key: memberKey({ kind: 'external_id', id: 'ada' }), remove: false },
          { key: memberKey({ kind: 'device_id', id: 'device-1' }), remove: false },
          { key: memberKey({ kind: 'alias', name: 'grace', label: 'mixpanel' }), remove: false },
        ],
        neverStops,
      ),
  }),
  ...refusalCases,
  importCase('an import over the rate limit', {
    states: brazeAnswers({ route: 'partner-cohorts-users', status: 429 }),
    body: changes([added(['ada'])]),
    answer: { status: 429 },
    meant: ['retry', 'braze_throttled'],
    send: sendOne,
  }),
];
