import type { ControlledClock } from './clock/controlled-clock.ts';
import { followClock } from './clock/follow-clock.ts';
import type { Simulator } from './simulator.ts';
import { type Listening, type ListenOptions, listen } from './transport/listen.ts';

/** Options of a simulator as a server. `bodyLimit` is 256 MB by default, for large emissions and cohorts. */
export interface StartSimulatorOptions extends ListenOptions {
  /** A running clock of its own by default. */
  readonly clock?: ControlledClock | undefined;
  /** The `/_sim/clock` of another simulator to follow, instead of an own clock. */
  readonly clockUrl?: string | undefined;
}

/**
 * A simulator started as a server.
 *
 * @param create creates the simulator, on this clock or on its own.
 * @throws Error with one sentence if the port is not available.
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
