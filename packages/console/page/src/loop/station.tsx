import type { ComponentChildren } from 'preact';
import { Link } from '../app/link.tsx';
import { count } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-paths.ts';
import type { Tone } from '../parts/tone.ts';

/** A number of a station. `undefined` is not known. */
interface StationFigure {
  readonly name: string;
  readonly value: number | string | undefined;
  readonly tone?: Tone | undefined;
  /** View that lists them. */
  readonly href?: string | undefined;
}

interface StationProps {
  readonly place: 'braze' | 'service' | 'mixpanel';
  readonly title: string;
  readonly icon: IconName;
  /** Its main view. */
  readonly href: string;
  readonly figures: readonly StationFigure[];
  /** Where its numbers come from, if not from itself. */
  readonly children?: ComponentChildren;
}

/** A server in the picture, with its numbers; each leads to its view. */
export const Station = ({ place, title, icon, href, figures, children }: StationProps) => (
  <section class={`station ${place}`} aria-label={title}>
    <h2>
      <Link href={href}>
        <Icon name={icon} />
        {title}
        <Icon name="right" />
      </Link>
    </h2>
    <dl>
      {figures.map(({ name, value, tone, href: to }) => (
        <div key={name} class={tone}>
          <dt>{to === undefined ? name : <Link href={to}>{name}</Link>}</dt>
          <dd>{typeof value === 'string' ? value : count(value)}</dd>
        </div>
      ))}
    </dl>
    {children !== undefined && <p class="quiet">{children}</p>}
  </section>
);
