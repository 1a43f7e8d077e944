import { type ComponentChildren, createContext } from 'preact';
import { useContext, useId, useMemo, useState } from 'preact/hooks';
import { short } from './format.ts';

/** What an action answered; neither text while it runs. */
interface Outcome {
  /** The action, or the group within that has it. */
  readonly of: string;
  readonly done?: string | undefined;
  readonly error?: string | undefined;
}

interface Group {
  /** The outcome of the latest action; `undefined` for none. */
  readonly latest: Outcome | undefined;
  /** An action begins: what another one answered goes. */
  readonly begin: (action: string) => void;
  /** An action ends. A failure is always shown; a success only if nothing else was shown since it began. */
  readonly end: (outcome: Outcome) => void;
  readonly clear: () => void;
  /** Whether a {@link LatestOutcome} of the group shows it, and not the button. */
  readonly isPlaced: boolean;
}

/** Around everything. */
const alone: Group = {
  latest: undefined,
  begin: () => undefined,
  end: () => undefined,
  clear: () => undefined,
  isPlaced: false,
};
const Latest = createContext(alone);

/** Longest shown outcome, in characters: it may have a name from outside. */
const longest = 600;

interface OutcomesProps {
  readonly children: ComponentChildren;
  /** Whether the children have a {@link LatestOutcome}: buttons keep their places, and one that goes leaves its outcome. */
  readonly isPlaced?: boolean;
}

/**
 * The actions of one view, or of a part of it: only the latest shows its outcome, so that nothing stays that is not so
 * any more.
 */
export function Outcomes({ children, isPlaced = false }: OutcomesProps) {
  const around = useContext(Latest);
  const id = useId();
  const [own, setOwn] = useState<Outcome>();
  const latest = around === alone || around.latest?.of === id ? own : undefined;
  const group = useMemo<Group>(
    () => ({
      latest,
      isPlaced,
      begin: action => {
        setOwn({ of: action });
        around.begin(id);
      },
      end: outcome => {
        const isFailure = outcome.error !== undefined;
        setOwn(old => (isFailure || old?.of === outcome.of ? outcome : old));
        if (isFailure) around.begin(id);
      },
      clear: () => {
        setOwn(undefined);
        around.clear();
      },
    }),
    [latest, isPlaced, around, id],
  );
  return <Latest value={group}>{children}</Latest>;
}

/** The actions around. */
export const useOutcomes = (): Group => useContext(Latest);

/** A row of buttons, with the outcome of the latest below. */
export const Actions = ({ children }: { children: ComponentChildren }) => (
  <Outcomes isPlaced>
    <div class="row">{children}</div>
    <LatestOutcome />
  </Outcomes>
);

/** The place of the outcome of the latest action around. */
export const LatestOutcome = () => <OutcomeText of={useOutcomes().latest} />;

/** An outcome, announced to screen readers. */
export const OutcomeText = ({ of }: { of: Outcome | undefined }) => (
  <>
    <span class="outcome" role="status">
      {of?.done && short(of.done, longest)}
    </span>
    {of?.error !== undefined && (
      <span class="outcome failed" role="alert">
        {short(of.error, longest)}
      </span>
    )}
  </>
);
