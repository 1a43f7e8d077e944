import { z } from 'zod';
import type { MixpanelConfig } from '../config/config.ts';
import { basicAuthorization } from '../vendor-http/basic-authorization.ts';
import { type Ask, parsed, shown } from './ask.ts';
import { type CheckResult, ok, skipped, warning } from './check-result.ts';

const listSchema = z.object({
  results: z.array(
    z.object({ username: z.string().optional(), expires: z.iso.datetime({ offset: true }).nullish() }),
  ),
});

/**
 * Reads when the service account expires, and compares the day with MIXPANEL_CREDENTIALS_EXPIRE. The role that an
 * account needs for this is not documented. Source: Mixpanel documentation, "List Service Accounts For Project":
 * openapi/service-accounts.openapi.yaml in github.com/mixpanel/docs, read 2026-11.
 */
export async function checkAccountExpiry(mixpanel: MixpanelConfig, ask: Ask): Promise<CheckResult[]> {
  const about = 'Expiry of the service account';
  const { queryCredentials: credentials, projectId, queryUrl, credentialsExpire } = mixpanel;
  if (credentials?.kind !== 'service account' || projectId === undefined) return [];
  const answer = await ask({
    url: new URL(`/api/app/projects/${encodeURIComponent(projectId)}/service-accounts`, queryUrl),
    method: 'GET',
    headers: { authorization: basicAuthorization(credentials) },
  });
  const list = listSchema.safeParse(
    answer.kind === 'answered' && answer.status === 200 ? parsed(answer) : undefined,
  );
  const lookUp = 'Look it up in Mixpanel, Organization Settings, Service Accounts.';
  if (!list.success)
    return [
      skipped(about, `Not known: Mixpanel does not list the service accounts (${shown(answer)}).`, lookUp),
    ];
  const own = list.data.results.find(({ username }) => username === credentials.username);
  if (own === undefined)
    return [
      skipped(about, 'Not known: Mixpanel lists no service account of this name in the project.', lookUp),
    ];
  if (typeof own.expires !== 'string') return [ok(about, 'Mixpanel names no day on which it expires.')];
  const day = new Date(own.expires).toISOString().slice(0, 10);
  const message = `It expires on ${day}.`;
  return [
    Date.parse(day) === credentialsExpire
      ? ok(about, message)
      : warning(
          about,
          message,
          `Set MIXPANEL_CREDENTIALS_EXPIRE=${day}, so that the running service warns in time.`,
        ),
  ];
}
