import { useState } from 'preact/hooks';
import { Code } from '../parts/text.tsx';

/** The runbooks of the repository, which are built into the page: their links lead to other pages of it. */
const pages = import.meta.glob<string>('../../../../../docs/operate/*.md', {
  query: '?raw',
  import: 'default',
});

/** The runbook of an alert, on demand. */
export function Runbook({ page }: { page: string }) {
  const [text, setText] = useState<string>();
  const load = Object.entries(pages).find(([path]) => path.endsWith(page))?.[1];
  return (
    <details
      class="more-facts"
      onToggle={() => {
        void load?.().then(setText, () => setText('The runbook could not be loaded. Load this page again.'));
      }}
    >
      <summary>
        Runbook: <Code of={page} />
      </summary>
      {text !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls, so that a keyboard must reach it
        <pre class="runbook" tabIndex={0}>
          {paragraphs(text)}
        </pre>
      )}
    </details>
  );
}

/** Markdown with each paragraph in one line, and links as their text: a narrow page wraps them itself. */
const paragraphs = (markdown: string): string =>
  markdown
    .split(/(```[\s\S]*?```)/)
    .map(part => (part.startsWith('```') ? part : part.replace(/(?<!\n)\n(?![\n|#>*-]|\d+\.| {2,}|$)/g, ' ')))
    .join('')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');
