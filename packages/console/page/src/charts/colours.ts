import { useEffect, useState } from 'preact/hooks';

/** The colour of a custom property in the present colour scheme, as a canvas understands it. */
export function colourOf(element: HTMLElement, property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Whether the dark colour scheme is in use; changes with it. */
export function useIsDark(): boolean {
  const [isDark, set] = useState(dark.matches);
  useEffect(() => {
    const changed = () => set(dark.matches);
    dark.addEventListener('change', changed);
    return () => dark.removeEventListener('change', changed);
  }, []);
  return isDark;
}
