import { gunzipSync, gzipSync } from 'node:zlib';
import { createMockMixpanel, type MockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { type IncomingRequest, listen, type SimAnswer } from '@braze-mixpanel/simulator-kit';
import { gateway } from './gateway.ts';
import type { Moments } from './moments.ts';

interface ImportedRow {
  readonly properties?: { readonly $insert_id?: string };
}

/** A simulated Mixpanel with random faults, which reports when requests arrive and are answered. */
export interface FaultyMixpanel extends AsyncDisposable {
  readonly url: string;
  readonly events: MockMixpanel['model']['events'];
  /** Stops all faults. Returns the number of requests that each kind affected. */
  recover(): Record<string, number>;
  /** The `$insert_id`s of its events, without duplicates. */
  ids(): Promise<string[]>;
}

/** Share of the requests to `/import` affected by each kind; the first that applies wins. */
const faults = [
  { kind: 'latency', probability: 0.3, milliseconds: 15 },
  { kind: 'lost-answer', probability: 0.1 },
  { kind: 'status', status: 429, probability: 0.06 },
  { kind: 'status', status: 500, probability: 0.06 },
  { kind: 'status', status: 503, probability: 0.04 },
  { kind: 'status', status: 401, probability: 0.01 },
  { kind: 'reset', after: 'body', probability: 0.03 },
  { kind: 'truncate', probability: 0.03 },
  { kind: 'malformed', probability: 0.03 },
  { kind: 'hang', probability: 0.01 },
] as const;
const partlyRefused = 0.1;
const answeredByGateway = 0.08;

export async function faultyMixpanel(
  seed: number,
  random: () => number,
  moments: Moments,
): Promise<FaultyMixpanel> {
  const mixpanel = createMockMixpanel({ seed });
  const { simulator, model } = mixpanel;
  for (const fault of faults) simulator.faults.add({ route: 'import', ...fault });
  let faulty = true;
  let partial = 0;
  let answeredFor = 0;
  const answerFor = gateway(random);

  const dispatch = async (request: IncomingRequest): Promise<SimAnswer> => {
    if (request.path !== '/import') return simulator.dispatch(request);
    moments.report('arriving');
    const refuseSome = faulty && random() < partlyRefused;
    const handOn = async () => (refuseSome ? refusingSome(request) : simulator.dispatch(request));
    const isAnsweredFor = faulty && random() < answeredByGateway;
    if (isAnsweredFor) answeredFor += 1;
    const answer = await (isAnsweredFor ? answerFor(handOn) : handOn());
    moments.report('handled');
    return answer;
  };

  /** Removes a few rows before the simulator sees them, and answers as Mixpanel does for rejected rows. */
  const refusingSome = async (request: IncomingRequest): Promise<SimAnswer> => {
    const rows = JSON.parse(gunzipSync(await request.readBody()).toString()) as ImportedRow[];
    const bad = new Set(rows.keys().filter(() => random() < 0.05));
    const good = rows.filter((_, index) => !bad.has(index));
    const readBody = () => Promise.resolve(gzipSync(JSON.stringify(good), { level: 1 }));
    const answer = await simulator.dispatch({ ...request, readBody });
    if (bad.size === 0 || answer.kind !== 'respond' || answer.status !== 200) return answer;
    if (typeof answer.body === 'string') return answer;
    partial += 1;
    const failed_records = [...bad].map(index => ({
      index,
      insert_id: rows[index]?.properties?.$insert_id ?? '',
      field: 'properties.time',
      message: 'refused at random',
    }));
    const body = {
      code: 400,
      error: 'some data points in the request failed validation',
      failed_records,
      num_records_imported: good.length,
      status: 'Bad Request',
    };
    return { kind: 'respond', status: 400, body };
  };

  const server = await listen({ ...simulator, dispatch });
  return {
    url: server.url,
    events: model.events,
    recover() {
      faulty = false;
      const struck = simulator.faults.list().map(fault => [nameOf(fault), fault.struck]);
      simulator.faults.clear();
      return { 'partial 400': partial, gateway: answeredFor, ...Object.fromEntries(struck) };
    },
    async ids() {
      const ids: string[] = [];
      for await (const events of model.events.readUnique())
        for (const { properties } of events) ids.push(String(properties.$insert_id));
      return ids;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await mixpanel.close();
    },
  };
}

const nameOf = (fault: { kind: string; status?: number }) =>
  fault.kind === 'status' ? String(fault.status) : fault.kind;
