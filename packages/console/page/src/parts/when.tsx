import { useContext } from 'preact/hooks';
import { exact, useNow, Zoned } from './clock.tsx';
import { relative } from './format.ts';

export interface WhenProps {
  /** ISO 8601 or milliseconds since 1970. */
  readonly at: string | number | null | undefined;
  /** Text of an unknown moment. */
  readonly none?: string;
  /** Shows the exact time beside the relative one. */
  readonly full?: boolean;
}

/** A moment as `8 s ago`, with the exact time on demand. */
export function When({ at, none = '—', full = false }: WhenProps) {
  const now = useNow();
  const { zone } = useContext(Zoned);
  const moment = typeof at === 'string' ? Date.parse(at) : at;
  if (moment === null || moment === undefined || Number.isNaN(moment))
    return <span class="quiet">{none}</span>;
  const whole = exact(moment, zone);
  return (
    // A problem that has it is not announced again whenever its age changes.
    <time dateTime={new Date(moment).toISOString()} title={whole} aria-live="off">
      {relative(moment, now)}
      {full && <span class="quiet"> · {whole}</span>}
    </time>
  );
}
