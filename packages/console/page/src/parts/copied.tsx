import { short } from './format.ts';
import { Copy } from './text.tsx';

/** A value that is copied to another form, such as a key, with a button that does so. */
export const Copied = ({ of, label }: { of: string; label: string }) => (
  <span class="copied">
    <code>
      <bdi>{short(of, 300)}</bdi>
    </code>
    <Copy text={of} of={label} />
  </span>
);
