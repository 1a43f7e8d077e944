import { followClock } from './clock/follower.ts';
import type { ControlledClock } from './clock/types.ts';
import type { Simulator } from './simulator.ts';
import { type Listening, type ListenOptions, listen } from './transport/listen.ts';

/** How a simulator starts as a server. `bodyLimit` is 256 MB by default, for emissions and cohorts of many. */
export interface StartSimulatorOptions extends ListenOptions {
  /** Its own running clock by default. */
  readonly clock?: ControlledClock | undefined;
  /** The `/_sim/clock` of another simulator, to follow instead of a clock of its own. */
  readonly clockUrl?: string | undefined;
}

/**
 * Starts a simulator as a server.
 *
 * @param create makes the simulator, on this clock or on its own.
 * @throws Error with one sentence when the port is not available.
 */
export async function startSimulator<Built extends { readonly simulator: Simulator }>(
  name: string,
  options: StartSimulatorOptions,
  create: (clock: ControlledClock | undefined) => Built | Promise<Built>,
): Promise<Built & Listening> {
  const { bodyLimit = 256 * 1024 * 1024, clock, clockUrl } = options;
  const followed = clockUrl === undefined ? undefined : await followClock(clockUrl, { name });
  const built = await create(clock ?? followed);
  try {
    return { ...built, ...(await listen(built.simulator, { ...options, bodyLimit })) };
  } catch (error) {
    await built.simulator.close();
    throw error;
  }
}
