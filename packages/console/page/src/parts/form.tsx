import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { CallError } from '../api/call.ts';
import { useOutcomes } from './outcomes.tsx';
import { jsonOf, Unseen } from './unseen.tsx';
import { Wrong } from './wrong.tsx';

/** What is wrong with each field, as sentences by its name. */
type Problems = Readonly<Record<string, string>>;

export interface FormState<Name extends string> {
  readonly values: Readonly<Record<Name, string>>;
  readonly problems: Problems;
  /** Number of submissions that found something wrong. */
  readonly refusals: number;
  readonly set: (name: Name, value: string) => void;
  /** Replaces some values, as typed. */
  readonly fill: (values: Partial<Record<Name, string>>) => void;
  /**
   * Runs an action with the values. Faults that the server finds in fields are shown there.
   *
   * @param names fields by the names of the API, where these differ.
   * @param shown numbers of the API as the field has them, where these differ.
   */
  readonly submit: (
    run: (values: Readonly<Record<Name, string>>) => Promise<string | undefined>,
    names?: Readonly<Record<string, Name>>,
    shown?: Shown,
  ) => () => Promise<string | undefined>;
}

/** A fault of a field that the page itself finds. */
export class FieldError extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Numbers of the API as a field has them, such as a share in percent, by field. */
type Shown = Readonly<Record<string, (value: number) => string>>;

/** What the API found wrong with a field, as it is to be said in the form: the bound of a number as the field has it. */
function inPage(message: string, typed: string | undefined, show: (value: number) => string): string {
  // An empty field is refused only where a value is required.
  if (typed?.trim() === '') return 'is required';
  return message.replace(
    /^(must be (?:at least|at most|more than|less than)) (-?[\d.]+)$/,
    (_, words, bound) => `${words} ${show(Number(bound))}`,
  );
}

/** Faults of an answer by the fields of the form; `undefined` if one belongs to no field. */
function problemsIn(
  error: unknown,
  values: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>>,
  shown: Shown,
): Problems | undefined {
  if (error instanceof FieldError) return { [error.field]: error.message };
  const faults = error instanceof CallError ? error.faults : [];
  const placed = faults.map(({ field, message }) => {
    const name = names[field] ?? field;
    return [name, inPage(message, values[name], shown[name] ?? String)] as const;
  });
  const isPlaced = placed.length > 0 && placed.every(([name]) => Object.hasOwn(values, name));
  return isPlaced ? Object.fromEntries(placed) : undefined;
}

/** The typed values of a form, and what the server found wrong with each. */
export function useForm<Name extends string>(initial: Readonly<Record<Name, string>>): FormState<Name> {
  const [values, setValues] = useState(initial);
  const [problems, setProblems] = useState<Problems>({});
  const [refusals, setRefusals] = useState(0);
  return {
    values,
    problems,
    refusals,
    set: (name, value) => {
      setValues(old => ({ ...old, [name]: value }));
      setProblems(({ [name]: _, ...rest }) => rest);
    },
    fill: some => {
      setValues(old => ({ ...old, ...some }));
      setProblems({});
    },
    submit:
      (run, names = {}, shown = {}) =>
      async () => {
        setProblems({});
        try {
          return await run(values);
        } catch (error) {
          const found = problemsIn(error, values, names, shown);
          if (found === undefined) throw error;
          setProblems(found);
          setRefusals(old => old + 1);
          throw new Error(
            Object.keys(found).length === 1 ? 'Correct the marked field.' : 'Correct the marked fields.',
          );
        }
      },
  };
}

const State = createContext<FormState<string> | undefined>(undefined);

interface FormProps<Name extends string> {
  readonly of: FormState<Name>;
  readonly label: string;
  /** `line`: the fields and their button in one line. */
  readonly look?: 'sheet' | 'line';
  readonly children: ComponentChildren;
}

/**
 * A form. Enter in a field clicks its primary button, or the one beside the field; the first wrong field gets the focus. Every action of it clears
 * what the one before said.
 */
export function Form<Name extends string>({ of, label, look = 'sheet', children }: FormProps<Name>) {
  const form = useRef<HTMLFormElement>(null);
  const { refusals } = of;
  // Only after a submission: while the user corrects one field, another wrong one must not take the focus.
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusals]);
  const state = useMemo(() => of as unknown as FormState<string>, [of]);
  return (
    <form
      ref={form}
      class={look === 'line' ? 'sheet in-line' : 'sheet'}
      aria-label={label}
      noValidate
      onSubmit={event => event.preventDefault()}
      onKeyDown={event => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        const button = form.current?.querySelector<HTMLButtonElement>(
          'button.primary, .entry + .action > button',
        );
        button?.click();
      }}
    >
      <State value={state}>{children}</State>
    </form>
  );
}

interface BoxProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: ComponentChildren;
}

function useField(name: string) {
  const state = useContext(State);
  if (state === undefined) throw new Error('A field is only in a form.');
  const outcomes = useOutcomes();
  const problem = state.problems[name];
  const set: typeof state.set = (field, value) => {
    // "Correct the marked field" is over with its mark.
    if (problem !== undefined && Object.keys(state.problems).length === 1) outcomes.clear();
    state.set(field, value);
  };
  return { value: state.values[name] ?? '', problem, set };
}

interface ControlProps {
  readonly id: string;
  readonly 'aria-invalid': 'true' | undefined;
  readonly 'aria-describedby': string | undefined;
}

function Box({
  name,
  label,
  hint,
  children,
}: BoxProps & { children: (of: ControlProps) => ComponentChildren }) {
  const id = useId();
  const { value, problem } = useField(name);
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const control: ControlProps = {
    id,
    'aria-invalid': problem === undefined ? undefined : 'true',
    'aria-describedby': described === '' ? undefined : described,
  };
  return (
    <div class="entry">
      <label for={id}>{label}</label>
      {children(control)}
      <Unseen of={value} />
      {problem !== undefined && <Wrong id={`${id}-problem`} label={label} problem={problem} />}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface TextEntryProps extends BoxProps {
  readonly inputMode?: 'numeric' | 'email' | 'url';
  readonly placeholder?: string;
}

/** A labelled line of text, with what is wrong with it. */
export function TextEntry({ name, label, hint, ...rest }: TextEntryProps) {
  const { value, set } = useField(name);
  return (
    <Box {...{ name, label, hint }}>
      {control => (
        <input
          {...control}
          {...rest}
          spellcheck={false}
          autocomplete="off"
          value={value}
          onInput={event => set(name, event.currentTarget.value)}
        />
      )}
    </Box>
  );
}

interface LinesEntryProps extends BoxProps {
  readonly rows?: number;
  /** Shows characters that cannot be seen as escapes, which are the same in JSON. */
  readonly isJson?: boolean;
}

/** Several lines of text. */
export function LinesEntry({ name, label, hint, rows = 4, isJson = false }: LinesEntryProps) {
  const { value, set } = useField(name);
  return (
    <Box {...{ name, label, hint }}>
      {control => (
        <textarea
          {...control}
          rows={rows}
          spellcheck={false}
          value={value}
          onInput={event => set(name, isJson ? jsonOf(event.currentTarget) : event.currentTarget.value)}
        />
      )}
    </Box>
  );
}

interface ChoiceEntryProps extends BoxProps {
  /** Texts by value. */
  readonly options: readonly (readonly [value: string, text: string])[];
  /** Runs after a choice. */
  readonly onChosen?: () => void;
}

/** A choice from a list. */
export function ChoiceEntry({ name, label, hint, options, onChosen }: ChoiceEntryProps) {
  const { value, set } = useField(name);
  return (
    <Box {...{ name, label, hint }}>
      {control => (
        <select
          {...control}
          value={value}
          onChange={event => {
            set(name, event.currentTarget.value);
            onChosen?.();
          }}
        >
          {options.map(([each, text]) => (
            <option key={each} value={each} selected={each === value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Box>
  );
}

interface CardsEntryProps {
  readonly name: string;
  readonly label: string;
  readonly options: readonly {
    readonly value: string;
    readonly title: string;
    readonly text: string;
  }[];
}

/** A choice of few values, each explained. */
export function CardsEntry({ name, label, options }: CardsEntryProps) {
  const { value, set } = useField(name);
  const group = useId();
  return (
    <fieldset class="cards">
      <legend>{label}</legend>
      {options.map(each => (
        <label key={each.value} class={each.value === value ? 'chosen' : ''}>
          <input
            type="radio"
            name={group}
            value={each.value}
            checked={each.value === value}
            onChange={() => set(name, each.value)}
          />
          <span>
            <b>{each.title}</b>
            <small>{each.text}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Where the same form is in the vendor's own interface. */
export const Where = ({ of }: { of: readonly string[] }) => (
  <p class="where">
    {of.map((part, index) => (
      <span key={part}>
        {index > 0 && <i aria-hidden="true">›</i>}
        {part}
      </span>
    ))}
  </p>
);

/** A list of words, one a line or separated by commas. */
export const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,]/)
      .map(line => line.trim())
      .filter(line => line !== ''),
  ),
];
