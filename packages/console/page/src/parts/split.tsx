import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import { Icon } from './icon.tsx';

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

/** A list with the opened thing at its side; on a phone the opened thing takes the whole width. */
export function Split({ children, detail, title, id, back }: SplitProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  const isOpen = id !== undefined;
  useEffect(() => {
    if (id !== undefined) heading.current?.focus({ preventScroll: true });
  }, [id]);
  useEffect(() => {
    if (!isOpen) return;
    // The row that was clicked gets the focus back when the details close.
    return () => opener.current instanceof HTMLElement && opener.current.focus({ preventScroll: true });
  }, [isOpen]);
  useCloseKey(isOpen, back);
  return (
    <div class={`split ${isOpen ? 'open' : ''}`}>
      <div
        class="list"
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
            {detail}
          </div>
        </section>
      )}
    </div>
  );
}
