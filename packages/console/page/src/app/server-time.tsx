import type { ComponentChildren } from 'preact';
import { serverAhead } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import { Now, useTick } from '../parts/clock.tsx';
import { about, type Server } from './about.ts';

/** The answer of `/_sim/clock`. */
export interface ClockReading {
  readonly now: number | string;
  readonly frozen: boolean;
}

/** The clock that a server follows: its own, or in a sandbox the simulated one of all. */
export const clockServer = (server: Server): Server | undefined =>
  server.kind === 'simulator' ? server : about().servers.find(({ kind }) => kind === 'simulator');

/** Gives the views the present time of their server. */
export function ServerTime({ server, children }: { server: Server; children: ComponentChildren }) {
  const tick = useTick();
  const leader = clockServer(server);
  const { data, dataAt } = usePolled<ClockReading>(leader ?? server, leader && '_sim/clock');
  const ahead = serverAhead.get(server.name) ?? 0;
  // The header has whole seconds: a smaller difference is none.
  const own = tick + (Math.abs(ahead) > 2_000 ? ahead : 0);
  const simulated = data && new Date(data.now).getTime() + (data.frozen ? 0 : Math.max(0, tick - dataAt));
  return <Now value={simulated ?? own}>{children}</Now>;
}
