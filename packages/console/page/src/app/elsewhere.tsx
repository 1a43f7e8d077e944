import { about } from './about.ts';
import { Link } from './link.tsx';
import { routeOf } from './routes.ts';

interface ElsewhereProps {
  readonly server: string;
  readonly view: string;
  readonly id?: string;
  /** Query or fragment. */
  readonly search?: string;
  /** As text in a line instead of as a button. */
  readonly isInline?: boolean;
  readonly children: string;
}

/** A link to a view of another server, where this console shows that one. */
export const Elsewhere = ({ server, view, id, search, isInline = false, children }: ElsewhereProps) =>
  about().servers.some(({ name }) => name === server) ? (
    <Link class={isInline ? undefined : 'button'} href={routeOf(server, view, id, search)}>
      {children}
    </Link>
  ) : null;

/** The trace of a user in the service. Their ID is in the fragment, which no server sees. */
export const TraceOf = ({ user }: { user: string }) => (
  <Elsewhere server="service" view="trace" search={`#${new URLSearchParams({ user })}`}>
    Trace this user
  </Elsewhere>
);
