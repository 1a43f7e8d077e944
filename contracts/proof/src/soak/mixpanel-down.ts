import { gunzipSync } from 'node:zlib';
import { createMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { type IncomingRequest, listen, type SimAnswer } from '@braze-mixpanel/simulator-kit';

/**
 * A Mixpanel that is down until the test restores it, then accepts everything and only counts. Its clock is
 * the service's.
 */
export interface MixpanelDown extends AsyncDisposable {
  readonly url: string;
  /** Number of requests refused while it was down. */
  readonly refused: number;
  /** Number of events accepted since its return. */
  readonly taken: number;
  comeBack(): void;
  /** Advances the simulated clock; resolves when all followers are done. */
  pass(milliseconds: number): Promise<void>;
}

const mark = Buffer.from('"$insert_id":');

export async function mixpanelDown(): Promise<MixpanelDown> {
  const { simulator, clock, close } = createMockMixpanel();
  clock.freeze();
  let down = true;
  let refused = 0;
  let taken = 0;

  const dispatch = async (request: IncomingRequest): Promise<SimAnswer> => {
    if (request.path !== '/import') return simulator.dispatch(request);
    const body = await request.readBody();
    if (down) {
      refused += 1;
      return {
        kind: 'respond',
        status: 503,
        body: { code: 503, error: 'down', status: 'Service Unavailable' },
      };
    }
    // Counted without parsing, since it shares the machine with the service under test.
    const count = occurrences(gunzipSync(body));
    taken += count;
    return { kind: 'respond', status: 200, body: { code: 200, num_records_imported: count, status: 'OK' } };
  };

  const server = await listen({ ...simulator, dispatch });
  return {
    url: server.url,
    get refused() {
      return refused;
    },
    get taken() {
      return taken;
    },
    comeBack() {
      down = false;
    },
    pass: milliseconds => clock.advance(milliseconds),
    async [Symbol.asyncDispose]() {
      await server.close();
      await close();
    },
  };
}

function occurrences(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + mark.length)) count += 1;
  return count;
}
