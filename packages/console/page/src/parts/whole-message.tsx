import { visible } from './format.ts';
import { prose } from './prose.ts';

/** The whole of a message that is shown as {@link prose}, on demand; nothing where both are the same. */
export const WholeMessage = ({ of }: { of: string }) =>
  prose(of) === of ? null : (
    <details>
      <summary>Whole message</summary>
      <bdi class="text">{visible(of)}</bdi>
    </details>
  );
