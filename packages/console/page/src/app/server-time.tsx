import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { serverAhead } from '../api/server-ahead.ts';
import { usePolled } from '../api/use-polled.ts';
import { Now, useTick } from '../parts/clock.tsx';
import { about, type Server } from './about.ts';
import type { Follower } from './follower.ts';

/** The answer of `/_sim/clock`. */
export interface ClockReading {
  readonly now: number | string;
  readonly frozen: boolean;
  /** The processes that follow it, with the next thing of each. */
  readonly followers: readonly Follower[];
}

/** The clock that a server follows: its own, or in a sandbox the simulated one of all. */
export const clockServer = (server: Server): Server | undefined =>
  server.kind === 'simulator' ? server : about().servers.find(({ kind }) => kind === 'simulator');

/** Gives the views the present time of their server. */
export function ServerTime({ server, children }: { server: Server; children: ComponentChildren }) {
  const tick = useTick();
  const leader = clockServer(server);
  const { data, dataAt } = usePolled<ClockReading>(leader ?? server, leader && '_sim/clock');
  const own = tick + useAhead(server);
  const simulated = data && new Date(data.now).getTime() + (data.frozen ? 0 : Math.max(0, tick - dataAt));
  return <Now value={simulated ?? own}>{children}</Now>;
}

/** Milliseconds by which a server's clock is ahead of this machine's, from its first answer on. */
function useAhead({ name }: Server): number {
  const [, setAhead] = useState(0);
  useEffect(() => serverAhead.subscribe(() => setAhead(serverAhead.of(name))), [name]);
  return serverAhead.of(name);
}
