import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { hasNavigated } from './navigated.ts';

/**
 * Begins another view at its top, and gives it the focus: a screen reader reads it, and Tab goes on in it. Back and
 * forward keep the place to which the browser returns.
 */
export function useBeginning(view: string): void {
  const isReturn = useRef(false);
  const shown = useRef(view);
  useEffect(() => {
    const note = () => {
      isReturn.current = true;
    };
    addEventListener('popstate', note);
    return () => removeEventListener('popstate', note);
  }, []);
  useLayoutEffect(() => {
    const isOther = shown.current !== view;
    shown.current = view;
    if (isOther && !isReturn.current) scrollTo(0, 0);
    if (isOther && hasNavigated()) document.getElementById('main')?.focus({ preventScroll: true });
    isReturn.current = false;
  }, [view]);
}
