import { PaletteButton } from '../palette/palette.tsx';
import { Icon } from '../parts/icon.tsx';
import { about } from './about.ts';
import { ClockControl } from './clock-control.tsx';
import { clockServer } from './server-time.tsx';
import { SignIn } from './sign-in.tsx';
import type { Group } from './views.ts';

interface TopBarProps {
  readonly group: Group;
  readonly isMenuOpen: boolean;
  readonly onMenu: () => void;
  /** Opens the palette. */
  readonly onFind: () => void;
}

/** Name of the page, the menu of a phone, the clock of a simulator and the token of the service. */
export function TopBar({ group, isMenuOpen, onMenu, onFind }: TopBarProps) {
  const leader = clockServer(group.server);
  return (
    <header class="top">
      <a
        class="skip"
        href={location.href}
        onClick={event => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the content
      </a>
      <button
        type="button"
        class="menu quietly"
        aria-expanded={isMenuOpen}
        aria-controls="navigation"
        onClick={onMenu}
      >
        <Icon name="menu" />
        Menu
      </button>
      <strong class="brand">Braze ⇄ Mixpanel</strong>
      <div class="tools">
        <PaletteButton onOpen={onFind} />
        {leader && <ClockControl server={leader} />}
        {about().asksForToken && group.server.kind === 'service' && <SignIn />}
      </div>
    </header>
  );
}
