import { Part } from './facts.tsx';
import { count } from './format.ts';
import { Empty } from './loaded.tsx';
import { Text } from './text.tsx';

/** Most shown IDs. */
const shown = 500;

/** A list of IDs. */
export const Ids = ({ title, of }: { title: string; of: readonly string[] }) => (
  <Part title={title}>
    {of.length === 0 && <Empty>None.</Empty>}
    <ul class="ids">
      {of.slice(0, shown).map(each => (
        <li key={each}>
          <Text of={each} length={80} />
        </li>
      ))}
    </ul>
    {of.length > shown && (
      <p class="quiet">
        The first {count(shown)} of {count(of.length)}.
      </p>
    )}
  </Part>
);
