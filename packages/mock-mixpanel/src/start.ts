import { followClock, type Listening, listen } from '@braze-mixpanel/simulator-kit';
import { createMockMixpanel, type MockMixpanel, type MockMixpanelOptions } from './mixpanel.ts';

export interface StartOptions extends MockMixpanelOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Longest body taken at all, in bytes; 256 MB by default, for cohorts of many members. `/import` has its own limit. */
  readonly bodyLimit?: number | undefined;
  /** The `/_sim/clock` of another simulator, to follow instead of a clock of its own. */
  readonly clockUrl?: string | undefined;
}

export interface RunningMockMixpanel extends MockMixpanel, Listening {}

/** Starts the simulator as a server. @throws with one sentence when the port can't be had. */
export async function startMockMixpanel(options: StartOptions = {}): Promise<RunningMockMixpanel> {
  const { port = 0, host = '127.0.0.1', bodyLimit = 256 * 1024 * 1024, clockUrl } = options;
  const followed =
    clockUrl === undefined ? undefined : await followClock(clockUrl, { name: 'mock-mixpanel' });
  const mixpanel = createMockMixpanel({ ...options, clock: options.clock ?? followed });
  const server = await listen(mixpanel.simulator, { port, host, bodyLimit }).catch(async error => {
    await mixpanel.close();
    throw error;
  });
  const close = async () => {
    await mixpanel.close();
    await server.close();
  };
  return { ...mixpanel, url: server.url, port: server.port, close, [Symbol.asyncDispose]: close };
}
