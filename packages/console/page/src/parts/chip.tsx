import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'plain';

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
