import type { ComponentChildren } from 'preact';
import { Link } from '../app/link.tsx';
import { count } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { prose } from '../parts/prose.ts';
import { Spark } from './spark.tsx';
import type { Rate } from './use-rates.ts';

export interface LaneProps {
  /** Place in the picture. */
  readonly place: 'currents' | 'import' | 'lists' | 'changes';
  /** What moves, from where to where; for screen readers, too. */
  readonly title: string;
  readonly from: string;
  readonly to: string;
  /** A number, or why there is none. */
  readonly value: string;
  readonly unit: string;
  readonly rate?: Rate;
  readonly isMoving: boolean;
  /** What waits, or when something happened. */
  readonly note: ComponentChildren;
  /** What is wrong. */
  readonly trouble?: string | undefined;
  /** View that says more. */
  readonly href: string;
}

/** The way between two stations: what moves on it, what waits before it, and what is wrong with it. */
export function Lane({
  place,
  title,
  from,
  to,
  value,
  unit,
  isMoving,
  note,
  trouble,
  href,
  rate,
}: LaneProps) {
  return (
    <section
      class={`lane ${place} ${trouble === undefined ? '' : 'failing'}`}
      aria-label={`${title}: ${from} to ${to}`}
    >
      <p class="lane-title">
        <Link class="lane-name" href={href}>
          {title}
        </Link>
      </p>
      {/* One line, in which the number is never cut: one of more figures moves nothing. */}
      <p class="lane-value">
        <b>{value}</b>
        {/\d/.test(value) && (
          <>
            {' '}
            <small>{unit}</small>
          </>
        )}
      </p>
      <div class={`track ${isMoving ? 'moving' : 'still'}`} aria-hidden="true">
        <i />
      </div>
      {rate && <Spark of={rate.history} />}
      <p class="lane-note">{note}</p>
      <p class="lane-note trouble">
        {trouble !== undefined && (
          <>
            <Icon name="warning" />
            <span title={trouble}>{prose(trouble)}</span>
          </>
        )}
      </p>
    </section>
  );
}

/** A rate in few figures: `82`, `0.4`, `1,021`. */
export function perSecond({ perSecond: rate }: Rate, isKnown: boolean): string {
  if (!isKnown) return 'not known';
  if (rate === undefined) return '…';
  if (rate > 0 && rate < 0.1) return '< 0.1';
  return rate > 0 && rate < 10 ? rate.toFixed(1) : count(Math.round(rate));
}
