import { useState } from 'preact/hooks';
import { Code } from '../parts/text.tsx';
import { type Block, blocksOf } from './runbook-blocks.ts';

/** The runbooks of the repository, which are built into the page. */
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
        <div class="runbook">
          <Blocks of={text} />
        </div>
      )}
    </details>
  );
}

/** A text of the documentation. */
export const Blocks = ({ of }: { of: string }) => (
  <>
    {blocksOf(of).map((block, index) => (
      <Shown key={index} block={block} />
    ))}
  </>
);

function Shown({ block }: { block: Block }) {
  if (block.kind === 'heading')
    return (
      <p>
        <strong>{block.text}</strong>
      </p>
    );
  if (block.kind === 'text') return <p>{inline(block.text)}</p>;
  // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls, so that a keyboard must reach it
  if (block.kind === 'code') return <pre tabIndex={0}>{block.text}</pre>;
  if (block.kind === 'table') return <Rows rows={block.rows} />;
  return (
    <ul class="bullets">
      {block.items.map(item => (
        <li key={item}>{inline(item)}</li>
      ))}
    </ul>
  );
}

function Rows({ rows: [head = [], ...rows] }: { rows: readonly (readonly string[])[] }) {
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            {head.map(cell => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.join()}>
              {row.map((cell, index) => (
                <td key={head[index] ?? cell} class="main" data-label={head[index]}>
                  <span>{inline(cell)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Text with its code. */
const inline = (text: string) =>
  text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? <code key={`${index} ${part}`}>{part}</code> : part));
