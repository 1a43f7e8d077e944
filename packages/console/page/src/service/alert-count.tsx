import { token } from '../api/token.ts';
import { usePolled } from '../api/use-polled.ts';
import { about, type Server } from '../app/about.ts';
import { counted } from '../parts/format.ts';
import { type Alert, firingOf } from './alert.ts';

/** The number of alerts that fire. Nothing without a token: that is not known to be none. */
export function AlertCount({ server }: { server: Server }) {
  const isKnown = !about().asksForToken || !token.isNeeded();
  const { data, error } = usePolled<{ alerts: readonly Alert[] }>(
    server,
    isKnown ? 'api/alerts' : undefined,
    10_000,
  );
  const { length } = firingOf(data?.alerts ?? []);
  if (error !== undefined || length === 0) return null;
  return (
    <b class="badge" title={`${counted(length, 'alert')} firing`}>
      {length}
    </b>
  );
}
