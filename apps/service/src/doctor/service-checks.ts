import { z } from 'zod';
import type { Config, ConnectionConfig } from '../config/config.ts';
import { isLoopback } from '../config/rules.ts';
import { type Ask, type ClockReading, parsed, shown } from './ask.ts';
import { type Finding, failure, ok, skipped, warning } from './finding.ts';

/** Whether the service runs here and takes batches. */
export async function checkRunning(config: Config, ask: Ask): Promise<Finding> {
  const about = 'The service on this machine';
  const url = new URL('/readyz', here(config));
  const answer = await ask({ url, method: 'GET' });
  if (answer.kind === 'lost') return skipped(about, `Nothing answers at ${url.host}: it does not run yet.`);
  if (answer.status === 200) return ok(about, `It runs at ${url.host} and takes batches.`);
  return failure(
    about,
    `What runs at ${url.host} takes no batches (${shown(answer)}).`,
    'Do what the reason says; another program on this port would need another PORT.',
  );
}

/**
 * Whether users are under ids that look like placeholders, by the `/status` of the service that runs here. Nothing to say where it does not
 * run, or where it takes no token of this configuration.
 */
export async function checkPlaceholderIds(config: Config, ask: Ask): Promise<Finding[]> {
  const about = 'External ids';
  const token = [...config.access.viewers, ...config.access.operators][0]?.reveal();
  const answer = await ask({
    url: new URL('/status', here(config)),
    method: 'GET',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const status = statusSchema.safeParse(parsed(answer));
  if (!status.success) return [];
  return Object.entries(status.data.connections).map(([connection, { notes, delivery }]) => {
    const events = notes.placeholderIds ?? 0;
    if (events === 0) return { connection, ...ok(about, 'None of them looked like a placeholder so far.') };
    const samples = (delivery?.placeholderIds ?? []).map(({ id }) => JSON.stringify(id));
    const such = samples.length > 0 ? `, such as ${samples.join(', ')}` : '';
    const says = `${events} events had an external id that looks like a placeholder${such}.`;
    const next =
      'Look at what sets the external id in Braze: an unrendered template or a missing value puts many users under one id.';
    return { connection, ...warning(about, says, next) };
  });
}

const statusSchema = z.object({
  connections: z.record(
    z.string(),
    z.object({
      notes: z.record(z.string(), z.number()),
      delivery: z.object({ placeholderIds: z.array(z.object({ id: z.string() })).optional() }).nullable(),
    }),
  ),
});

const here = ({ host, port }: Config): string => {
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : bracketed(host);
  return `http://${local}:${port}`;
};

const bracketed = (host: string) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

/**
 * Whether the public address leads here, with what Braze itself sends to check its credentials: a batch without events, of which
 * nothing is stored.
 */
export async function checkPublicUrl(
  publicUrl: string | undefined,
  { name, currents, webhook }: ConnectionConfig,
  ask: Ask,
): Promise<Finding[]> {
  const about = 'Public address';
  if (publicUrl === undefined)
    return [skipped(about, 'PUBLIC_URL is not set: whether Braze reaches this service is not known.')];
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'http:' && !isLoopback(hostname))
    return [
      failure(
        about,
        `${publicUrl} is plain http: tokens and events would be readable on the way.`,
        'Put a TLS proxy before the service, and set PUBLIC_URL to its https address.',
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
      ? ok(about, `${publicUrl}${path} leads here, and takes the token.`)
      : status === 401
        ? failure(
            about,
            `${publicUrl}${path} refuses the token (${shown(answer)}).`,
            'Another service answers there, or one with another CURRENTS_TOKEN: restart it with this configuration.',
          )
        : failure(
            about,
            `${publicUrl}${path} does not lead to this service (${shown(answer)}).`,
            'Start the service, and let the proxy pass this path to it unchanged.',
          );
  return webhook === undefined ? [found] : [found, await checkWebhook(publicUrl, name, ask)];
}

async function checkWebhook(publicUrl: string, name: string, ask: Ask): Promise<Finding> {
  const about = 'Public address of the cohort webhook';
  const url = new URL(`/webhooks/mixpanel/${name}`, publicUrl);
  const answer = await ask({ url, headers: { 'content-type': 'application/json' }, body: '{}' });
  if (answer.kind === 'answered' && answer.status === 401)
    return ok(about, `${url.href} leads here, and takes nothing without the password.`);
  return failure(
    about,
    `${url.href} does not lead to this service (${shown(answer)}).`,
    'Start the service, and let the proxy pass this path to it unchanged.',
  );
}

const noticeable = 60_000;
/** Mixpanel refuses events that are more than an hour ahead of its clock. Source: Mixpanel, "Import Events". */
const harmful = 3_600_000;

/** This machine's clock beside those of the vendors, by the `Date` of their answers. */
export function checkClock(readings: readonly ClockReading[]): Finding {
  const about = 'Clock';
  const worst = readings.toSorted((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs))[0];
  if (worst === undefined)
    return warning(about, 'No answer told its time.', 'See what keeps the answers away.');
  const seconds = Math.round(Math.abs(worst.aheadMs) / 1_000);
  if (seconds * 1_000 < noticeable)
    return ok(about, `It agrees with ${worst.host} within ${seconds} seconds.`);
  const behind = worst.aheadMs > 0;
  const says = `This machine is ${seconds} seconds ${behind ? 'behind' : 'ahead of'} ${worst.host}.`;
  const next = behind
    ? 'Let the machine follow a time server: events wait here that much longer, and those that seem more than a day ahead become dead letters.'
    : 'Let the machine follow a time server: Mixpanel refuses events more than an hour ahead of its own clock.';
  return seconds * 1_000 >= harmful ? failure(about, says, next) : warning(about, says, next);
}
