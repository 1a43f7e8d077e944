import type { Config, ConnectionConfig } from '../config/config.ts';
import { isLoopback } from '../config/rules.ts';
import { type Ask, type ClockReading, parsed, shown } from './ask.ts';
import { type CheckResult, failure, ok, skipped, warning } from './check-result.ts';

/** Checks whether the service runs here and accepts batches. */
export async function checkRunning(config: Config, ask: Ask): Promise<CheckResult> {
  const about = 'The service on this machine';
  const url = new URL('/readyz', here(config));
  const answer = await ask({ url, method: 'GET' });
  if (answer.kind === 'lost')
    return skipped(about, `No response at ${url.host}: the service is not running.`);
  if (answer.status === 200) return ok(about, `Running at ${url.host}; accepts batches.`);
  return failure(
    about,
    `The server at ${url.host} does not accept batches (${shown(answer)}).`,
    'Fix the reported reason. If another program uses this port, change PORT.',
  );
}

/** A token that reads the API of the service; `undefined` where none is configured. */
export const readToken = ({ access }: Config): string | undefined =>
  [...access.viewers, ...access.operators][0]?.reveal();

/** Address of the service on this machine. */
export const here = ({ host, port }: Config): string => {
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : bracketed(host);
  return `http://${local}:${port}`;
};

const bracketed = (host: string) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

/**
 * Checks that the public address reaches this service, with the credential probe of Braze: a batch without
 * events, which stores nothing.
 */
export async function checkPublicUrl(
  publicUrl: string | undefined,
  { name, currents, webhook }: ConnectionConfig,
  ask: Ask,
): Promise<CheckResult[]> {
  const about = 'Public address';
  if (publicUrl === undefined)
    return [skipped(about, 'PUBLIC_URL is not set, so it is unknown whether Braze can reach this service.')];
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'http:' && !isLoopback(hostname))
    return [
      failure(
        about,
        `${publicUrl} is plain HTTP: tokens and events would be sent in clear text.`,
        'Put a TLS proxy in front of the service, and set PUBLIC_URL to its https address.',
      ),
    ];
  const path = name === 'default' ? '/currents' : `/currents/${name}`;
  const token = currents.tokens[0]?.reveal();
  const answer = await ask({
    url: new URL(path, publicUrl),
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: '{"events":[]}',
  });
  const accepted = parsed(answer);
  const ours = typeof accepted === 'object' && accepted !== null && 'accepted' in accepted;
  const status = answer.kind === 'answered' ? answer.status : 0;
  const found =
    status === 200 && ours
      ? ok(about, `${publicUrl}${path} reaches this service and accepts the token.`)
      : status === 401
        ? failure(
            about,
            `${publicUrl}${path} rejects the token (${shown(answer)}).`,
            'It is another service, or one with another CURRENTS_TOKEN: restart it with this configuration.',
          )
        : failure(
            about,
            `${publicUrl}${path} does not reach this service (${shown(answer)}).`,
            'Start the service, and configure the proxy to forward this path unchanged.',
          );
  return webhook === undefined ? [found] : [found, await checkWebhook(publicUrl, name, ask)];
}

async function checkWebhook(publicUrl: string, name: string, ask: Ask): Promise<CheckResult> {
  const about = 'Public address of the cohort webhook';
  const url = new URL(`/webhooks/mixpanel/${name}`, publicUrl);
  const answer = await ask({ url, headers: { 'content-type': 'application/json' }, body: '{}' });
  if (answer.kind === 'answered' && answer.status === 401)
    return ok(about, `${url.href} reaches this service and requires the password.`);
  return failure(
    about,
    `${url.href} does not reach this service (${shown(answer)}).`,
    'Start the service, and configure the proxy to forward this path unchanged.',
  );
}

const noticeable = 60_000;
/**
 * Mixpanel rejects events that are more than an hour ahead of its clock. Source: Mixpanel, "Import Events".
 */
const harmful = 3_600_000;

/** Compares the clock of this machine with the `Date` headers of the vendors. */
export function checkClock(readings: readonly ClockReading[], clockUrl: string | undefined): CheckResult {
  const about = 'Clock';
  if (clockUrl !== undefined)
    return skipped(
      about,
      'CLOCK_URL is set: the service follows that clock, so the clock of this machine is not compared.',
    );
  const worst = readings.toSorted((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs))[0];
  if (worst === undefined)
    return warning(about, 'No vendor responded with a Date header.', 'Fix the failed checks above.');
  const seconds = Math.round(Math.abs(worst.aheadMs) / 1_000);
  if (seconds * 1_000 < noticeable) return ok(about, `Within ${seconds} seconds of ${worst.host}.`);
  const behind = worst.aheadMs > 0;
  const message = `This machine is ${seconds} seconds ${behind ? 'behind' : 'ahead of'} ${worst.host}.`;
  const next = behind
    ? 'Synchronize the clock with a time server: events are delivered late by that much, and events that seem more than a day ahead become dead letters.'
    : 'Synchronize the clock with a time server: Mixpanel rejects events more than an hour ahead of its own clock.';
  return seconds * 1_000 >= harmful ? failure(about, message, next) : warning(about, message, next);
}
