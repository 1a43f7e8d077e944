import { useState } from 'preact/hooks';
import { Blocks } from '../../service/runbook.tsx';

/** The page about the mapping, which is built into this one. */
const pages = import.meta.glob<string>('../../../../../../docs/mapping.md', {
  query: '?raw',
  import: 'default',
});

/** A section of the page about the mapping, on demand. */
export function RuleText({ section }: { section: string }) {
  const [text, setText] = useState<string>();
  const load = Object.values(pages)[0];
  return (
    <details
      class="more-facts"
      onToggle={() => {
        void load?.().then(
          page => setText(sectionOf(page, section)),
          () => setText('The documentation could not be loaded. Load this page again.'),
        );
      }}
    >
      <summary>Documentation: {section}</summary>
      {text !== undefined && (
        <div class="runbook">
          <Blocks of={text} />
        </div>
      )}
    </details>
  );
}

const sectionOf = (page: string, section: string): string =>
  page
    .split(/^## /m)
    .find(each => each.startsWith(`${section}\n`))
    ?.slice(section.length) ?? page;
