import { createContext } from 'preact';
import { useContext, useId, useRef, useState } from 'preact/hooks';
import { short } from './format.ts';
import { Icon } from './icon.tsx';
import { OutcomeText, useOutcomes } from './outcomes.tsx';

/** Why no action is possible here, as a sentence; `undefined` where actions are. */
export const Refusal = createContext<string | undefined>(undefined);

/** Longest shown question, in characters: it may have a name from outside. */
const longest = 600;

export interface ActionProps {
  readonly children: string;
  /** The action; its text is shown and announced when it has succeeded. */
  readonly run: () => Promise<string | undefined>;
  /** Question of a confirmation before. */
  readonly confirm?: string;
  readonly look?: 'primary' | 'danger' | 'plain';
  readonly disabled?: boolean;
  /** Name for screen readers, where the text alone is not clear. */
  readonly label?: string;
}

/** A button for an action on a server: busy while it runs, then with its outcome or its error. */
export function Action({ children, run, confirm, look = 'plain', disabled = false, label }: ActionProps) {
  const [busy, setBusy] = useState(false);
  const refusal = useContext(Refusal);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { latest, begin, end, isPlaced } = useOutcomes();
  const act = async () => {
    begin(id);
    setBusy(true);
    try {
      const done = await run();
      end({ of: id, ...(typeof done === 'string' && { done }) });
    } catch (error) {
      end({ of: id, error: error instanceof Error ? error.message : String(error) });
    }
    setBusy(false);
  };
  return (
    <span class="action">
      <button
        type="button"
        class={look}
        disabled={disabled || busy || refusal !== undefined}
        title={refusal}
        aria-busy={busy}
        aria-label={label}
        onClick={() => (confirm === undefined ? void act() : dialog.current?.showModal())}
      >
        {busy && <Icon name="spin" />}
        {children}
      </button>
      {!isPlaced && <OutcomeText of={latest?.of === id ? latest : undefined} />}
      {confirm !== undefined && (
        <Question of={confirm} answer={children} look={look} dialog={dialog} onYes={() => void act()} />
      )}
    </span>
  );
}

interface QuestionProps {
  readonly of: string;
  readonly answer: string;
  readonly look: string;
  readonly dialog: { current: HTMLDialogElement | null };
  readonly onYes: () => void;
}

function Question({ of, answer, look, dialog, onYes }: QuestionProps) {
  const id = useId();
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} aria-labelledby={id}>
      <p id={id}>{short(of, longest)}</p>
      <div class="row end">
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          class={look === 'plain' ? 'primary' : look}
          onClick={() => {
            close();
            onYes();
          }}
        >
          {answer}
        </button>
      </div>
    </dialog>
  );
}
