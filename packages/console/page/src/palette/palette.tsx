import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import type { Group } from '../app/views.ts';
import { short } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { type Command, matching, viewCommands } from './command.ts';
import { searchesFor } from './searches.ts';
import { useThings } from './use-things.ts';

/** Whether the palette is open; Control+K or Command+K opens it, in fields too. */
export function usePaletteKey(): [isOpen: boolean, setOpen: (isOpen: boolean) => void] {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener('keydown', open);
    return () => removeEventListener('keydown', open);
  }, []);
  return [isOpen, setOpen];
}

/** A dialog that finds views and things of all servers by what is typed. */
export function Palette({ groups, onClose }: { groups: readonly Group[]; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [chosen, choose] = useState(0);
  const [, navigate] = useLocation();
  const things = useThings();
  const found = [...matching([...viewCommands(groups), ...things], typed), ...searchesFor(typed)];
  const index = Math.min(chosen, found.length - 1);
  // Before the next key arrives.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    dialog.current?.close();
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
    }
  };
  return (
    <dialog ref={dialog} class="palette" aria-label="Go to a view or a thing" onClose={onClose}>
      <input
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
