import { QueryClientProvider } from '@tanstack/preact-query';
import { useEffect, useState } from 'preact/hooks';
import { Router, useLocation } from 'wouter-preact';
import { queries } from '../api/use-polled.ts';
import { Palette, usePalette } from '../palette/palette.tsx';
import { useZoneState, Zoned } from '../parts/clock.tsx';
import { about } from './about.ts';
import { Access } from './access.tsx';
import { Navigation } from './navigation.tsx';
import { base, routeOf, usePlace } from './routes.ts';
import { ServerTime } from './server-time.tsx';
import { TopBar } from './top-bar.tsx';
import { groups } from './views.ts';

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
  // Alone, a server begins with its own views; a sandbox with the service, where both directions meet.
  const start = all.find(({ name }) => name === 'service') ?? all[0]!;
  const group = all.find(({ name }) => name === place.server);
  const entry = group?.views.find(({ path }) => path === place.view);
  const first = group ?? start;
  useEffect(() => {
    if (entry === undefined) navigate(routeOf(first.name, first.views[0]!.path), { replace: true });
    else
      document.title = `${place.id === undefined ? '' : `${place.id.slice(0, 60)} · `}${entry.title} · ${group?.title}`;
  }, [entry, first, place.id]);
  // It closes at every navigation.
  useEffect(() => setMenuOpen(false), [place]);
  if (group === undefined || entry === undefined) return null;
  const { View } = entry;
  return (
    <Zoned value={zoned}>
      <ServerTime server={group.server}>
        <div class="shell">
          <TopBar
            group={group}
            isMenuOpen={isMenuOpen}
            onMenu={() => setMenuOpen(!isMenuOpen)}
            onFind={palette.open}
          />
          <Navigation groups={all} place={place} isOpen={isMenuOpen} />
          <main id="main" tabIndex={-1} key={`${group.name}/${entry.path}`}>
            <h1>
              {entry.title}
              {about().servers.length > 1 && <small> {group.title}</small>}
            </h1>
            <Access server={group.server}>
              <View server={group.server} id={place.id} />
            </Access>
          </main>
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
