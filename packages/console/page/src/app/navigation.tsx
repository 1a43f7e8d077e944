import { useContext, useEffect, useRef } from 'preact/hooks';
import { Zoned } from '../parts/clock.tsx';
import { Icon } from '../parts/icon.tsx';
import { Link } from './link.tsx';
import { type Place, routeOf } from './routes.ts';
import type { Group } from './views.ts';

interface NavigationProps {
  readonly groups: readonly Group[];
  readonly place: Place;
  /** Whether it is shown on a phone; a desktop always shows it. */
  readonly isOpen: boolean;
}

/** Links to all views, by server. */
export function Navigation({ groups, place, isOpen }: NavigationProps) {
  const { zone, setZone } = useContext(Zoned);
  const list = useRef<HTMLElement>(null);
  useEffect(
    () => list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }),
    [place, isOpen],
  );
  return (
    <nav id="navigation" class={isOpen ? 'open' : ''} aria-label="Views" ref={list}>
      <div class="groups">
        {groups.map(group => (
          <section key={group.name}>
            <h2>{group.title}</h2>
            <ul>
              {group.views.map(({ path, title, icon, Count }) => {
                const isCurrent = place.server === group.name && place.view === path;
                return (
                  <li key={path}>
                    <Link href={routeOf(group.name, path)} aria-current={isCurrent ? 'page' : undefined}>
                      <Icon name={icon} />
                      {title}
                      {Count && <Count server={group.server} />}
                    </Link>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
      <footer>
        <button type="button" class="quietly" onClick={() => setZone(zone === 'UTC' ? 'local' : 'UTC')}>
          <Icon name="clock" />
          Exact times in {zone === 'UTC' ? 'UTC' : 'local time'}
        </button>
      </footer>
    </nav>
  );
}
