import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';

/**
 * Both vendors in a separate process, without rate limits: a cohort of `members` in Mixpanel, all of them
 * users of Braze. It sends `ready` with the addresses, pushes or changes the cohort on request, and counts
 * the members in Braze.
 */
export type ToSimulators =
  | { kind: 'push'; webhook: string; username: string; password: string }
  | { kind: 'again' }
  | { kind: 'change'; members: number }
  | { kind: 'count' };

export type FromSimulators =
  | { kind: 'ready'; mixpanel: string; braze: string }
  | { kind: 'done' }
  | { kind: 'count'; members: number };

export const cohort = 12345;
const batch = 50_000;

const members = Number(process.argv[2]);
const sendMessage = (message: FromSimulators) => process.send?.(message);
const mixpanel = await startMockMixpanel();
const braze = await startMockBraze();
let changed = 0;
let sync: string | undefined;

for (const ids of batches(0, members)) {
  for (const external_id of ids) braze.model.users.put({ external_id });
  if (ids[0] === idOf(0))
    await post(`/_sim/cohorts/${cohort}`, { name: 'Bench', members: ids.map(profile) }, 'PUT');
  else await post(`/_sim/cohorts/${cohort}/members`, { add: ids.map(profile) });
}

process.on('disconnect', () => process.exit());
process.on('message', (message: ToSimulators) => void answer(message).then(sendMessage));
sendMessage({ kind: 'ready', mixpanel: mixpanel.url, braze: braze.url });

async function answer(message: ToSimulators): Promise<FromSimulators> {
  if (message.kind === 'count')
    return { kind: 'count', members: braze.model.cohorts.get(String(cohort))?.members.size ?? 0 };
  if (message.kind === 'push') {
    const { webhook: url, username, password } = message;
    const destination = { type: 'webhook', url, username, password };
    const made = await post('/_sim/syncs', { cohort, mode: 'dynamic', interval: '2h', destination });
    sync = String(made.id);
  }
  // The parent waits for the push by counting: a run ends here when the service has accepted its pages.
  if (message.kind === 'again') await post(`/_sim/syncs/${sync}/run`);
  if (message.kind === 'change') {
    const remove = Array.from({ length: message.members }, () => idOf(changed++));
    await post(`/_sim/cohorts/${cohort}/members`, { remove });
  }
  return { kind: 'done' };
}

async function post(path: string, body: object = {}, method = 'POST'): Promise<Record<string, unknown>> {
  const response = await fetch(mixpanel.url + path, { method, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

function* batches(from: number, to: number): Generator<string[]> {
  for (let start = from; start < to; start += batch)
    yield Array.from({ length: Math.min(batch, to - start) }, (_, index) => idOf(start + index));
}

/** A realistic ID: a UUID, whose order is unrelated to the time of its creation. */
function idOf(index: number): string {
  const scattered = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  return `${scattered.toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

function profile(distinct_id: string) {
  return { distinct_id, properties: {} };
}
