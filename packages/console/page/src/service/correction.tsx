import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { Part } from '../parts/facts.tsx';
import { Problem } from '../parts/loaded.tsx';
import { jsonOf } from '../parts/unseen.tsx';
import type { OpenedLetter, Trial } from './dead-letter.ts';
import { TrialResult } from './trial.tsx';

interface CorrectionProps {
  readonly server: Server;
  readonly letter: OpenedLetter;
  /** The original as text. */
  readonly original: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly replay: (body: { readonly original: unknown }) => Promise<string | undefined>;
}

/** Milliseconds without a keystroke before a preview. */
const pause = 250;

type Preview = { readonly result: Trial } | { readonly error: string };

/** A form that corrects the original, with a live preview of the mapped event. */
export function Correction({ server, letter, original, text, onText, replay }: CorrectionProps) {
  const [preview, setPreview] = useState<Preview>();
  const isChanged = text !== original;
  useEffect(() => {
    if (!isChanged) return setPreview(undefined);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void previewOf(server, letter.id, text, stop.signal).then(
        shown => stop.signal.aborted || setPreview(shown),
        () => {},
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text, isChanged, server, letter.id]);
  const isMapped = preview !== undefined && 'result' in preview && preview.result.outcome === 'mapped';
  return (
    <Part
      title="Correct and replay"
      aside={
        isChanged && (
          <button type="button" class="quietly" onClick={() => onText(original)}>
            Undo all changes
          </button>
        )
      }
    >
      <textarea
        aria-label="The corrected event, as JSON"
        rows={Math.min(18, original.split('\n').length + 1)}
        spellcheck={false}
        value={text}
        onInput={event => onText(jsonOf(event.currentTarget))}
      />
      <div aria-live="polite">
        {!isChanged && <p class="quiet">Change the event above: the preview shows what would be sent.</p>}
        {isChanged && preview === undefined && <p class="quiet">Looking …</p>}
        {preview &&
          ('error' in preview ? (
            <Problem>{preview.error}</Problem>
          ) : (
            <TrialResult of={preview.result} isShown />
          ))}
      </div>
      <Action
        look="primary"
        disabled={!isChanged || !isMapped}
        run={() => replay({ original: JSON.parse(text) })}
      >
        Replay corrected
      </Action>
    </Part>
  );
}

async function previewOf(server: Server, id: number, text: string, signal: AbortSignal): Promise<Preview> {
  let original: unknown;
  try {
    original = JSON.parse(text);
  } catch (error) {
    return { error: `Not JSON yet: ${error instanceof Error ? error.message : String(error)}` };
  }
  try {
    const body = { original, dryRun: true };
    return await call<{ result: Trial }>(server, `api/dead-letters/${id}/replay`, {
      method: 'POST',
      body,
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
