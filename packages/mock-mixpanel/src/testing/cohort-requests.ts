import { runningMixpanel } from './running-mixpanel.ts';
import { basic } from './simulated-mixpanel.ts';

/** Members of a cohort, each with a profile. */
export const people = (...ids: string[]) =>
  ids.map(distinct_id => ({ distinct_id, properties: { $email: `${distinct_id}@example.com` } }));

/** A listening mock Mixpanel for each test of a file, with requests to its control API and its query API. */
export function cohortRequests() {
  const { world } = runningMixpanel();

  async function control(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${world.mixpanel.url}/_sim/${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  /** A request of a service account, unless other headers are given. */
  async function query(
    path: string,
    form: Record<string, string> = {},
    headers: Record<string, string> = { authorization: basic('service-account', 'service-secret') },
  ) {
    const answer = await fetch(`${world.mixpanel.url}${path}?project_id=12345`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(form).toString(),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  return { world, control, query };
}
