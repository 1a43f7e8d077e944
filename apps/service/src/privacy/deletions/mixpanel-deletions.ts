import { z } from 'zod';
import type { MixpanelConfig } from '../../config/config.ts';
import type { Secret } from '../../secrets/secret.ts';
import { answerText } from '../../vendor-http/answer-text.ts';
import {
  type Answered,
  type Exchange,
  exchange,
  parseJson,
  type VendorOptions,
} from '../../vendor-http/exchange.ts';
import type { Outcome } from './deletion.ts';

/** What requests to the GDPR API of a project need. */
export interface DeletionAccess {
  readonly mixpanel: Pick<MixpanelConfig, 'queryUrl'>;
  readonly projectToken: Secret;
  readonly oauthToken: Secret;
  readonly vendor: VendorOptions;
  readonly withoutSecrets: (text: string) => string;
  readonly stop: AbortSignal;
}

const answerLimit = 1_000_000;
const keptOfAnswer = 200;

/** Statuses of a task that has not ended. */
const open = ['PENDING', 'STAGING', 'STARTED'];

const task = z.object({ tracking_id: z.string().optional(), task_id: z.string().optional() });
/** The answer is a list by the API's page, an object with `task_id` by its OpenAPI file. */
const createdSchema = z.object({ status: z.literal('ok'), results: z.union([z.array(task).min(1), task]) });
const lookedSchema = z.object({
  status: z.literal('ok'),
  results: z.object({ status: z.string(), tracking_id: z.string().optional() }),
});

/** An ID of a task, as it may stand in a path. */
const taskIdPattern = /^[\w-]{1,100}$/;
const statusPattern = /^[A-Z_]{1,40}$/;

const request = ({ mixpanel, projectToken, oauthToken }: DeletionAccess, path: string) => {
  const url = new URL(`/api/app/data-deletions/v3.0/${path}`, mixpanel.queryUrl);
  url.searchParams.set('token', projectToken.reveal());
  const headers = { authorization: `Bearer ${oauthToken.reveal()}`, 'content-type': 'application/json' };
  return { url, headers, readAtMost: answerLimit };
};

/**
 * Requests the deletion of one user, who is then one task. Nothing is retried here.
 *
 * Source: Mixpanel documentation, "GDPR API", 2026: 201 with a task; one request in a second; an OAuth token that ends
 * after a year.
 */
export async function requestDeletion(externalId: string, access: DeletionAccess): Promise<Outcome> {
  const body = JSON.stringify({ distinct_ids: [externalId], compliance_type: 'GDPR' });
  const came = await exchange({ ...request(access, ''), body }, access.vendor, access.stop);
  const show = textOf(access, externalId);
  if (came.kind === 'answered' && (came.status === 200 || came.status === 201)) {
    const results = createdSchema.safeParse(parseJson(came.body)).data?.results;
    const { tracking_id, task_id } = (Array.isArray(results) ? results[0] : results) ?? {};
    const taskId = tracking_id ?? task_id ?? '';
    if (taskIdPattern.test(taskId)) return { kind: 'accepted', taskId };
    const problem = `Mixpanel's answer names no task, so the deletion was requested or not: ${show(came)}.`;
    return { kind: 'again', problem, isLost: true };
  }
  const refused = refusalOf(came, show);
  if (refused !== undefined) return refused;
  const { status } = came as Answered;
  if (status >= 400 && status < 500 && status !== 404 && status !== 405)
    return { kind: 'failed', problem: `Mixpanel rejected the request: ${show(came as Answered)}.` };
  return notTheApi(came as Answered, show);
}

/** Reads what became of a task. Nothing is retried here. */
export async function readTask(taskId: string, access: DeletionAccess): Promise<Outcome> {
  const came = await exchange(
    { ...request(access, `${taskId}/`), method: 'GET' },
    access.vendor,
    access.stop,
  );
  // The ID is not known any more, and an answer may repeat it.
  const show = ({ status }: Answered) => String(status);
  if (came.kind === 'answered' && came.status === 200) {
    const results = lookedSchema.safeParse(parseJson(came.body)).data?.results;
    if (results === undefined || (results.tracking_id ?? taskId) !== taskId)
      return { kind: 'again', problem: `Mixpanel's answer does not tell the state of the task ${taskId}.` };
    return outcomeOf(taskId, results.status);
  }
  return refusalOf(came, show) ?? notTheApi(came as Answered, show);
}

function outcomeOf(taskId: string, status: string): Outcome {
  if (status === 'SUCCESS' || open.includes(status)) return { kind: 'status', status };
  if (status === 'FAILURE')
    return {
      ...{ kind: 'failed', status },
      problem: `Mixpanel could not carry out the task ${taskId}. Check the ID, then request the deletion again.`,
    };
  if (status === 'REVOKED')
    return { kind: 'failed', status, problem: `The task ${taskId} was cancelled in Mixpanel.` };
  if (status === 'NOT_FOUND')
    return {
      ...{ kind: 'again', correct: true },
      problem: `Mixpanel does not find the task ${taskId}. Check that MIXPANEL_TOKEN is that of the same project.`,
    };
  const shown = statusPattern.test(status) ? status : 'unknown to this service';
  return {
    ...{ kind: 'again', correct: true },
    problem: `Mixpanel cannot tell the state of the task ${taskId} (${shown}).`,
  };
}

/** Answers that are the same for both requests; `undefined` for any other. */
function refusalOf(came: Exchange, show: (came: Answered) => string): Outcome | undefined {
  if (came.kind === 'lost')
    return { kind: 'again', problem: `Mixpanel did not answer (${came.why}).`, isLost: true };
  const { status, retryAfterMs } = came;
  if (status === 401)
    return {
      ...{ kind: 'again', correct: true },
      problem: `Mixpanel rejected MIXPANEL_OAUTH_TOKEN (${show(came)}). It ends after a year: make another one in Mixpanel under Settings, Data & Privacy.`,
    };
  if (status === 403)
    return {
      ...{ kind: 'again', correct: true },
      problem: `Mixpanel denied access (${show(came)}). MIXPANEL_OAUTH_TOKEN must be of an owner or admin of the project of MIXPANEL_TOKEN.`,
    };
  if (status === 429)
    return { kind: 'again', problem: 'Mixpanel limits requests for deletions (429).', retryAfterMs };
  if (status >= 500)
    return { kind: 'again', problem: `Mixpanel returned ${show(came)}.`, isLost: true, retryAfterMs };
  return undefined;
}

/** A redirect, or another answer that the API does not give. */
const notTheApi = (came: Answered, show: (came: Answered) => string): Outcome => ({
  ...{ kind: 'again', correct: true, isLost: came.status < 300 },
  problem: `Mixpanel returned ${show(came)}, which is no answer of its GDPR API. Check MIXPANEL_REGION and MIXPANEL_QUERY_URL.`,
});

/** An answer in words without secrets. One that may repeat the ID is given by its status alone. */
const textOf =
  ({ withoutSecrets }: DeletionAccess, externalId: string) =>
  (came: Answered) => {
    const { status } = came;
    const echoes = formsOf(externalId).some(form => came.body.includes(form));
    return echoes || came.redirectTo?.includes(encodeURIComponent(externalId))
      ? `${status}, with a text that repeats the ID`
      : answerText(came, withoutSecrets, keptOfAnswer);
  };

const formsOf = (id: string) => {
  const escaped = JSON.stringify(id).slice(1, -1);
  const ascii = escaped.replaceAll(
    /[^ -~]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const html = id.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = html.replaceAll('"', '&quot;').replaceAll("'", '&#39;');
  return [id, escaped, ascii, html, quoted, quoted.replaceAll('&#39;', '&#x27;'), encodeURIComponent(id)];
};
