import { Problem } from '../parts/loaded.tsx';
import { Code } from '../parts/text.tsx';
import { Link } from './link.tsx';
import { base, routeOf } from './routes.ts';
import type { Group } from './views.ts';

interface NoSuchPageProps {
  readonly groups: readonly Group[];
  /** Server of the address; `undefined` if it names none. */
  readonly group: Group | undefined;
}

/** The page of an address that no view has: the address, and links to the views there are. */
export function NoSuchPage({ groups, group }: NoSuchPageProps) {
  const links =
    group === undefined
      ? groups.map(({ name, title, views }) => ({ route: routeOf(name, views[0]!.path), title }))
      : group.views.map(({ path, title }) => ({ route: routeOf(group.name, path), title }));
  return (
    <main id="main" tabIndex={-1}>
      <h1>No such page</h1>
      <Problem>
        <p>
          No view of this console has the address <Code of={addressAsText()} />.
        </p>
      </Problem>
      <p class="row">
        {links.map(({ route, title }) => (
          <Link key={route} class="button" href={route}>
            {title}
          </Link>
        ))}
      </p>
    </main>
  );
}

/** The path of the address below the console, decoded where that is possible. */
function addressAsText(): string {
  const path = location.pathname.slice(base.length);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
