import { inLines, visible } from './format.ts';

/** A field's text with escapes, where it has characters that cannot be seen or that reorder what follows them. */
export function Unseen({ of }: { of: string }) {
  if (inLines(of) === of) return null;
  return (
    <small class="quiet unseen">
      With characters that can't be seen:{' '}
      <code>
        <bdi>{visible(of)}</bdi>
      </code>
    </small>
  );
}

/**
 * The text of a box of JSON, in which an escape replaces each character that cannot be seen: it is the same character in
 * JSON, and does not reorder what follows. The caret stays behind what was typed.
 */
export function jsonOf(box: HTMLTextAreaElement): string {
  const { value, selectionEnd } = box;
  const text = inLines(value);
  if (text === value) return value;
  const caret = inLines(value.slice(0, selectionEnd)).length;
  box.value = text;
  box.setSelectionRange(caret, caret);
  return text;
}
