interface SegmentsProps {
  /** Name of the choice, for screen readers. */
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Texts by value. */
  readonly options: readonly (readonly [value: string, text: string])[];
}

/** A choice of few values, all of them visible. */
export const Segments = ({ label, value, onValue, options }: SegmentsProps) => (
  <fieldset class="segments">
    <legend>{label}</legend>
    {options.map(([each, text]) => (
      <button key={each} type="button" aria-pressed={each === value} onClick={() => onValue(each)}>
        {text}
      </button>
    ))}
  </fieldset>
);
