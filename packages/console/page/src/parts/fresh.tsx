import { counted } from './format.ts';

/** Announces newer rows of a list that stands still, and shows them on demand. */
export const Fresh = ({ number, noun, release }: { number: number; noun: string; release: () => void }) =>
  number === 0 ? null : (
    <button type="button" class="fresh" onClick={release}>
      Show {counted(number, noun)}
    </button>
  );
