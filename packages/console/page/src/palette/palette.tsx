import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import type { Group } from '../app/views.ts';
import { short } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { type Command, matching } from './command.ts';
import { searchesFor } from './searches.ts';
import { useThings } from './use-things.ts';

/** The current opening of the palette; Control+K or Command+K begins one, in fields too. */
export function usePalette() {
  // Each opening has a number of its own: the browser reports the closing of one after the next may have begun.
  const [opening, setOpening] = useState<{ number: number; isOpen: boolean }>({ number: 0, isOpen: false });
  const open = () => setOpening(last => (last.isOpen ? last : { number: last.number + 1, isOpen: true }));
  const close = (number: number) =>
    setOpening(last => (last.number === number ? { number, isOpen: false } : last));
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      open();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return { opening, open, close };
}

/** All views of the navigation. */
const viewCommands = (groups: readonly Group[]): readonly Command[] =>
  groups.flatMap(({ name, title: place, views }) =>
    views.map(({ path, title }) => ({
      ...{ key: `${name}/${path}`, title, place },
      route: `/${name}/${path}`,
    })),
  );

/** A dialog that finds views and things of all servers by what is typed. */
export function Palette({ groups, onClose }: { groups: readonly Group[]; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [chosen, choose] = useState(0);
  const [, navigate] = useLocation();
  const things = useThings();
  const found = [...matching([...viewCommands(groups), ...things], typed), ...searchesFor(typed)];
  const index = Math.min(chosen, found.length - 1);
  useLayoutEffect(() => {
    const shown = dialog.current!;
    // Before the next key arrives.
    shown.showModal();
    // It gives the focus back to where it was.
    return () => shown.close();
  }, []);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    navigate(command.route);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      choose((index + step + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[index]);
    } else if (event.key === 'Escape') {
      // The dialog would close at once, and the page learn of it only later: a key between the two would be lost.
      event.preventDefault();
      onClose();
    }
  };
  return (
    <dialog ref={dialog} class="palette" aria-label="Go to a view or a thing" onClose={onClose}>
      <input
        dir="auto"
        role="combobox"
        aria-label="Find a view, a name, a user or a number"
        aria-expanded={found.length > 0}
        aria-controls="commands"
        aria-autocomplete="list"
        aria-activedescendant={index >= 0 ? `command-${index}` : undefined}
        placeholder="Find a view, a name, a user or a number"
        spellcheck={false}
        autocomplete="off"
        value={typed}
        onInput={event => {
          setTyped(event.currentTarget.value);
          choose(0);
        }}
        onKeyDown={onKeyDown}
      />
      <Found commands={found} chosen={index} onRun={run} />
      <p class="quiet keys">
        <kbd>↑</kbd> <kbd>↓</kbd> choose · <kbd>Enter</kbd> open · <kbd>Esc</kbd> close
      </p>
    </dialog>
  );
}

interface FoundProps {
  readonly commands: readonly Command[];
  /** Place of the chosen one. */
  readonly chosen: number;
  readonly onRun: (command: Command) => void;
}

function Found({ commands, chosen, onRun }: FoundProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' }), [chosen]);
  return (
    <div ref={list} id="commands" role="listbox" aria-label="Found" tabIndex={-1}>
      {commands.map((command, index) => (
        // The keys of the list are handled by the field, which keeps the focus.
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div
          key={command.key}
          id={`command-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onClick={() => onRun(command)}
        >
          <bdi>{short(command.title, 80)}</bdi>
          <span class="quiet">{command.place}</span>
        </div>
      ))}
    </div>
  );
}

/** The button that opens the palette, for those without a keyboard. */
export const PaletteButton = ({ onOpen }: { onOpen: () => void }) => (
  <button type="button" class="quietly find" aria-keyshortcuts="Control+K Meta+K" onClick={onOpen}>
    <Icon name="search" />
    <span>Find</span>
    <kbd>Ctrl K</kbd>
  </button>
);
