import { followClock, type Listening, type ListenOptions, listen } from '@braze-mixpanel/simulator-kit';
import { createMockMixpanel, type MockMixpanel, type MockMixpanelOptions } from './mixpanel.ts';

/** `bodyLimit` is 256 MB by default, for cohorts of many members. `/import` has its own limit. */
export interface StartOptions extends MockMixpanelOptions, ListenOptions {
  /** The `/_sim/clock` of another simulator, to follow instead of a clock of its own. */
  readonly clockUrl?: string | undefined;
}

export interface RunningMockMixpanel extends MockMixpanel, Listening {}

/** Starts the simulator as a server. @throws with one sentence when the port can't be had. */
export async function startMockMixpanel(options: StartOptions = {}): Promise<RunningMockMixpanel> {
  const { bodyLimit = 256 * 1024 * 1024, clockUrl } = options;
  const followed =
    clockUrl === undefined ? undefined : await followClock(clockUrl, { name: 'mock-mixpanel' });
  const mixpanel = createMockMixpanel({ ...options, clock: options.clock ?? followed });
  const server = await listen(mixpanel.simulator, { ...options, bodyLimit }).catch(async error => {
    await mixpanel.close();
    throw error;
  });
  const close = async () => {
    await mixpanel.close();
    await server.close();
  };
  return { ...mixpanel, ...server, close, [Symbol.asyncDispose]: close };
}
