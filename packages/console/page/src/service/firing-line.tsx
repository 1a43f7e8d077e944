import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { Chip } from '../parts/chip.tsx';
import { type Alert, alertName, firingOf } from './alert.ts';

/** The alerts that fire, as links to what to do. Nothing without a token: that is not known to be none. */
export function FiringLine({ server }: { server: Server }) {
  const { data, error } = usePolled<{ alerts: readonly Alert[] }>(server, 'api/alerts', 5_000);
  const firing = firingOf(data?.alerts ?? []);
  if (error !== undefined || firing.length === 0) return null;
  return (
    <p class="line">
      {firing.map(({ alert, severity }) => (
        <Link key={alert} href={routeOf(server.name, 'alerts')}>
          <Chip tone={severity === 'critical' ? 'bad' : 'warn'}>{alertName(alert)}</Chip>
        </Link>
      ))}
      <Link href={routeOf(server.name, 'alerts')}>The alerts say what to do.</Link>
    </p>
  );
}
