import { QueryClientProvider } from '@tanstack/preact-query';
import { useEffect, useState } from 'preact/hooks';
import { Router, useLocation } from 'wouter-preact';
import { queries } from '../api/use-polled.ts';
import { Palette, usePalette } from '../palette/palette.tsx';
import { useZoneState, Zoned } from '../parts/clock.tsx';
import { short } from '../parts/format.ts';
import { Outcomes } from '../parts/outcomes.tsx';
import { about } from './about.ts';
import { Access } from './access.tsx';
import { Navigation } from './navigation.tsx';
import { NoSuchPage } from './no-such-page.tsx';
import { base, routeOf, usePlace } from './routes.ts';
import { ServerTime } from './server-time.tsx';
import { TopBar } from './top-bar.tsx';
import { useBeginning } from './use-beginning.ts';
import { type Group, groups, type ViewEntry } from './views.ts';

/** The whole page: navigation, top bar and the view of the address. */
export const App = () => (
  <QueryClientProvider client={queries}>
    <Router base={base}>
      <Shell />
    </Router>
  </QueryClientProvider>
);

function Shell() {
  const zoned = useZoneState();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const palette = usePalette();
  const place = usePlace();
  const [, navigate] = useLocation();
  const all = groups();
  const group = all.find(({ name }) => name === place.server);
  const first = group ?? all[0]!;
  // The address of the console, or of a server, is that of its first view.
  const isStart = place.server === undefined || (group !== undefined && place.view === undefined);
  const found = group?.views.find(({ path }) => path === place.view);
  const isFound = found !== undefined && !place.isLonger && !(found.isWhole && place.id !== undefined);
  const entry = isFound ? found : undefined;
  useEffect(() => {
    if (isStart) navigate(routeOf(first.name, first.views[0]!.path), { replace: true });
    const opened = place.id === undefined ? '' : `${short(place.id, 60)} · `;
    document.title = entry === undefined ? 'No such page' : `${opened}${entry.title} · ${first.title}`;
  }, [isStart, entry, first, place.id]);
  useBeginning(`${place.server}/${place.view}`);
  // It closes at every navigation.
  useEffect(() => setMenuOpen(false), [place]);
  if (isStart) return null;
  return (
    <Zoned value={zoned}>
      <ServerTime server={first.server}>
        <div class="shell">
          <TopBar
            group={first}
            isMenuOpen={isMenuOpen}
            onMenu={() => setMenuOpen(!isMenuOpen)}
            onFind={palette.open}
          />
          <Navigation groups={all} place={place} isOpen={isMenuOpen} />
          {entry === undefined ? (
            <NoSuchPage groups={all} group={group} />
          ) : (
            <Main key={`${first.name}/${entry.path}`} group={first} entry={entry} id={place.id} />
          )}
          {palette.opening.isOpen && (
            <Palette
              key={palette.opening.number}
              groups={all}
              onClose={() => palette.close(palette.opening.number)}
            />
          )}
        </div>
      </ServerTime>
    </Zoned>
  );
}

interface MainProps {
  readonly group: Group;
  readonly entry: ViewEntry;
  readonly id: string | undefined;
}

const Main = ({ group: { server, title }, entry: { title: heading, View }, id }: MainProps) => (
  <main id="main" tabIndex={-1}>
    <h1>
      {heading}
      {about().servers.length > 1 && <small> {title}</small>}
    </h1>
    <Access server={server}>
      <Outcomes>
        <View server={server} id={id} />
      </Outcomes>
    </Access>
  </main>
);
