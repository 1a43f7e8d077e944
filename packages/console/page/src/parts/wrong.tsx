interface WrongProps {
  /** For `aria-describedby` of the field. */
  readonly id: string;
  /** Label of the field. */
  readonly label: string;
  /** A sentence, or a predicate of the field such as `must be a number`. */
  readonly problem: string;
}

/** What is wrong with a field, below it. */
export const Wrong = ({ id, label, problem }: WrongProps) => (
  <p class="wrong" id={id} role="alert">
    {/^(must|is|contains|has)\b/.test(problem) ? `${label} ${problem}.` : problem}
  </p>
);
