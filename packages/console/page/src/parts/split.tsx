import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { Link } from '../app/link.tsx';
import { hasNavigated } from '../app/navigated.ts';
import { Icon } from './icon.tsx';
import { RouteOfAll } from './loaded.tsx';

export interface SplitProps {
  /** The list. */
  readonly children: ComponentChildren;
  /** The opened thing; `undefined` shows the list alone. */
  readonly detail: ComponentChildren;
  /** Heading of the opened thing. */
  readonly title: ComponentChildren;
  /** Identity of the opened thing: a change moves the focus to its heading. */
  readonly id: string | undefined;
  /** Route of the list. */
  readonly back: string;
}

/** Escape closes the details, unless it is for an open dialog or for a field that has text. */
function useCloseKey(isOpen: boolean, back: string): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key !== 'Escape' || event.defaultPrevented || isTyping) return;
      if (document.querySelector('dialog[open], :popover-open') === null) navigate(back);
    };
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [isOpen, back, navigate]);
}

/** Where the list is hidden behind the opened thing, that begins at its top, and the list keeps its place. */
function usePlaceInList(isOpen: boolean): void {
  const place = useRef(0);
  const wasOpen = useRef(false);
  // Before the list is hidden, which moves the page.
  if (isOpen && !wasOpen.current) place.current = scrollY;
  wasOpen.current = isOpen;
  useLayoutEffect(() => {
    if (!isOpen || matchMedia('(width >= 1000px)').matches) return;
    scrollTo(0, 0);
    return () => scrollTo(0, place.current);
  }, [isOpen]);
}

/** When the details close, the row of what was open has the focus; without one what opened it, or the list. */
function focusList(list: HTMLElement | null, id: string | undefined, opener: Element | null): void {
  // The whole view is gone.
  if (list === null) return;
  const links = [...list.querySelectorAll<HTMLAnchorElement>('a[href]')];
  const row = links.find(
    ({ pathname }) => id !== undefined && pathname.endsWith(`/${encodeURIComponent(id)}`),
  );
  const before = opener instanceof HTMLElement && list.contains(opener) ? opener : undefined;
  const target = row ?? before ?? links[0] ?? document.getElementById('main');
  target?.focus({ preventScroll: true });
}

/** A list with the opened thing at its side; on a phone the opened thing takes the whole width. */
export function Split({ children, detail, title, id, back }: SplitProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const opener = useRef<Element | null>(null);
  const last = useRef(id);
  const isOpen = id !== undefined;
  useEffect(() => {
    if (id !== undefined && hasNavigated()) heading.current?.focus({ preventScroll: true });
  }, [id]);
  if (id !== undefined) last.current = id;
  useLayoutEffect(() => {
    if (!isOpen) return;
    return () => focusList(list.current, last.current, opener.current);
  }, [isOpen]);
  usePlaceInList(isOpen);
  useCloseKey(isOpen, back);
  return (
    <div class={`split ${isOpen ? 'open' : ''}`}>
      <div
        class="list"
        ref={list}
        onFocusCapture={event => {
          opener.current = event.target as Element;
        }}
      >
        {children}
      </div>
      {isOpen && (
        <section class="detail" aria-label="Details" key={id}>
          <header>
            <h2 ref={heading} tabIndex={-1}>
              {title}
            </h2>
            <Link href={back} class="button quietly" aria-label="Close the details">
              <Icon name="cross" />
              <span>Close</span>
            </Link>
          </header>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls, so that it has to be reachable by keyboard */}
          <div class="body" tabIndex={0}>
            <RouteOfAll value={back}>{detail}</RouteOfAll>
          </div>
        </section>
      )}
    </div>
  );
}
