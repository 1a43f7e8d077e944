import { useEffect, useState } from 'preact/hooks';
import { jsonText, short, visible } from './format.ts';

/** A text from outside: one line of bounded length, in its own direction of writing. */
export const Text = ({ of, length }: { of: string; length?: number }) => (
  <bdi class="text" {...(of.length > (length ?? 160) && { title: short(of, 1_000) })}>
    {short(of, length)}
  </bdi>
);

/** Code, such as an event type or an error code. */
export const Code = ({ of, length }: { of: string; length?: number }) => (
  <code>
    <bdi>{visible(short(of, length))}</bdi>
  </code>
);

/** A sentence of a catalogue, in which code stands between backticks. */
export const Sentence = ({ of }: { of: string }) => (
  <>
    {of
      .split('`')
      .map((part, index) => (index % 2 === 0 ? part : <Code key={`${index} ${part}`} of={part} />))}
  </>
);

/** Longest text that is shown at once, in characters. */
const shown = 20_000;

/** JSON, or any text, with a button that copies it. */
export function Json({ value, title }: { value: unknown; title: string }) {
  const [whole, setWhole] = useState(false);
  const text = jsonText(value);
  const isCut = !whole && text.length > shown;
  return (
    <figure class="json">
      <figcaption>
        <span>{title}</span>
        <Copy text={text} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls, so that it has to be reachable by keyboard */}
      <pre tabIndex={0}>{isCut ? `${text.slice(0, shown)}…` : text}</pre>
      {isCut && (
        <button type="button" class="quietly" onClick={() => setWhole(true)}>
          Show all {Math.round(text.length / 1_000)} kB
        </button>
      )}
    </figure>
  );
}

/**
 * A button that copies a text. A browser refuses that on a page without HTTPS of another machine; the button says so.
 *
 * @param of name of the text for screen readers, where the label alone is not clear
 */
export function Copy({ text, label = 'Copy', of }: { text: string; label?: string; of?: string }) {
  const [outcome, setOutcome] = useState<string>();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('Copied');
    } catch {
      setOutcome('Not allowed here');
    }
  };
  return (
    <button type="button" class="quietly" aria-label={of && `${label} ${of}`} onClick={() => void copy()}>
      {outcome ?? label}
    </button>
  );
}
