import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Unseen } from './unseen.tsx';
import { Wrong } from './wrong.tsx';

interface FieldProps {
  readonly label: string;
  readonly children: ComponentChildren;
  readonly hint?: string | undefined;
  /** Takes the room that is left in its line. */
  readonly isWide?: boolean | undefined;
}

/** A labelled input. */
const Field = ({ label, children, hint, isWide }: FieldProps) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
  <label class={isWide ? 'field wide' : 'field'}>
    <span>{label}</span>
    {children}
    {hint && <small class="quiet">{hint}</small>}
  </label>
);

/** What marks a control as wrong, and what says why; `problem` is `undefined` where it is right. */
function useMarked(label: string, problem: string | undefined) {
  const id = useId();
  return problem === undefined
    ? { marks: {}, wrong: null }
    : {
        marks: { 'aria-invalid': 'true', 'aria-describedby': id } as const,
        wrong: <Wrong id={id} label={label} problem={problem} />,
      };
}

interface InputProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string;
  /** Width in characters. */
  readonly size?: number;
  readonly inputMode?: 'numeric';
  readonly placeholder?: string;
  /** Takes the room that is left in its line. */
  readonly isWide?: boolean;
  /** What is wrong with the value. */
  readonly problem?: string | undefined;
}

export function Input({ label, value, onValue, hint, isWide, problem, ...rest }: InputProps) {
  const { marks, wrong } = useMarked(label, problem);
  return (
    <Field label={label} hint={hint} isWide={isWide}>
      <input
        {...rest}
        {...marks}
        dir="auto"
        spellcheck={false}
        autocomplete="off"
        value={value}
        onInput={event => onValue(event.currentTarget.value)}
      />
      <Unseen of={value} />
      {wrong}
    </Field>
  );
}

/** A day as `2026-01-31`; empty while it is not complete. */
export const DayInput = ({ label, value, onValue }: Pick<InputProps, 'label' | 'value' | 'onValue'>) => (
  <Field label={label}>
    <input type="date" value={value} onInput={event => onValue(event.currentTarget.value)} />
  </Field>
);

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Texts by value. */
  readonly options: readonly (readonly [value: string, text: string])[];
  /** What is wrong with the value. */
  readonly problem?: string | undefined;
}

export function Select({ label, value, onValue, options, problem }: SelectProps) {
  const { marks, wrong } = useMarked(label, problem);
  // A value that is not on the list came with an address: it is shown, not the first one in its place.
  const all = options.some(([each]) => each === value) ? options : [[value, value] as const, ...options];
  return (
    <Field label={label}>
      <select {...marks} value={value} onChange={event => onValue(event.currentTarget.value)}>
        {all.map(([each, text]) => (
          <option key={each} value={each} selected={each === value}>
            {text}
          </option>
        ))}
      </select>
      {wrong}
    </Field>
  );
}

interface SearchProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/**
 * A search field that keeps what is typed, however long an answer takes, and follows the address otherwise. The key `/`
 * moves to it.
 */
export function Search({ label, placeholder, value, onValue }: SearchProps) {
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const { target } = event;
      const isTyping =
        target instanceof HTMLInputElement ||
        target instanceof HTMLTextAreaElement ||
        target instanceof HTMLSelectElement;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  useEffect(() => {
    if (document.activeElement !== input.current) setTyped(value);
  }, [value]);
  return (
    <input
      ref={input}
      type="search"
      dir="auto"
      class="search"
      aria-keyshortcuts="/"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      spellcheck={false}
      autocomplete="off"
      onInput={event => {
        setTyped(event.currentTarget.value);
        onValue(event.currentTarget.value);
      }}
    />
  );
}
