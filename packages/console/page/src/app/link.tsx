import type { ComponentChildren } from 'preact';
import { navigate } from 'wouter-preact/use-browser-location';
import { base } from './routes.ts';

interface LinkProps {
  /** Route, below the address of the console. */
  readonly href: string;
  readonly children: ComponentChildren;
  readonly class?: string | undefined;
  readonly 'aria-current'?: 'page' | 'step' | 'true' | undefined;
  readonly 'aria-label'?: string;
}

/**
 * A link to a route. It has no closure: one would keep the rows that were drawn with it, and each of those the rows
 * before them, so that a list that changes would never be freed.
 */
export const Link = ({ href, ...rest }: LinkProps) => <a {...rest} href={base + href} onClick={follow} />;

/** Follows a link within the page, unless it is to be opened elsewhere. */
function follow(event: MouseEvent): void {
  const { ctrlKey, metaKey, altKey, shiftKey, button, currentTarget } = event;
  if (ctrlKey || metaKey || altKey || shiftKey || button !== 0) return;
  event.preventDefault();
  navigate((currentTarget as HTMLAnchorElement).href);
}
