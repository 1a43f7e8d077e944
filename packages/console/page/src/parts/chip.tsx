import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';
import type { Tone } from './tone.ts';

const icons: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  bad: 'cross',
  warn: 'warning',
  busy: 'clock',
  plain: 'dot',
};

/** A state as text with an icon and a colour. */
export const Chip = ({
  tone,
  icon,
  children,
}: {
  tone: Tone;
  icon?: IconName;
  children: ComponentChildren;
}) => (
  <span class={`chip ${tone}`}>
    <Icon name={icon ?? icons[tone]} />
    {children}
  </span>
);
