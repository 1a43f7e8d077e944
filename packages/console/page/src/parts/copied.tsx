import { useEffect, useState } from 'preact/hooks';
import { short } from './format.ts';

/** A value that is copied to another form, such as a key, with a button that does so. */
export function Copied({ of, label }: { of: string; label: string }) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), 2_000);
    return () => clearTimeout(timer);
  }, [isDone]);
  return (
    <span class="copied">
      <code>
        <bdi>{short(of, 300)}</bdi>
      </code>
      <button
        type="button"
        class="quietly"
        aria-label={`Copy ${label}`}
        onClick={() => void navigator.clipboard.writeText(of).then(() => setDone(true))}
      >
        {isDone ? 'Copied' : 'Copy'}
      </button>
    </span>
  );
}
