import type { ComponentChildren } from 'preact';

/** Facts about one thing: names with their values. */
export const Facts = ({ of }: { of: readonly (readonly [name: string, value: ComponentChildren])[] }) => (
  <dl class="facts">
    {of.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

/** A part of a view with its heading. */
export const Part = ({
  title,
  children,
  aside,
  level: Heading = 'h3',
}: {
  title: string;
  children: ComponentChildren;
  aside?: ComponentChildren;
  /** Level of its heading: `h3` below an opened thing or a card, `h2` below the view itself. */
  level?: 'h2' | 'h3';
}) => (
  <section class="part">
    <header>
      <Heading>{title}</Heading>
      {aside}
    </header>
    {children}
  </section>
);
