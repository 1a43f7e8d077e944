import { useEffect, useState } from 'preact/hooks';

const isVisible = (): boolean => document.visibilityState === 'visible';

/**
 * Whether the page is shown, and not in another tab. A hidden page must hold no connection: over HTTP/1.1 a browser has
 * six of them to a host, for all tabs together.
 */
export function useVisible(): boolean {
  const [visible, setVisible] = useState(isVisible);
  useEffect(() => {
    const changed = () => setVisible(isVisible());
    changed();
    document.addEventListener('visibilitychange', changed);
    return () => document.removeEventListener('visibilitychange', changed);
  }, []);
  return visible;
}
