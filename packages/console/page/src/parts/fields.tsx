import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Unseen } from './unseen.tsx';

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
}

export const Input = ({ label, value, onValue, hint, isWide, ...rest }: InputProps) => (
  <Field label={label} hint={hint} isWide={isWide}>
    <input
      {...rest}
      dir="auto"
      spellcheck={false}
      autocomplete="off"
      value={value}
      onInput={event => onValue(event.currentTarget.value)}
    />
    <Unseen of={value} />
  </Field>
);

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
}

export const Select = ({ label, value, onValue, options }: SelectProps) => (
  <Field label={label}>
    <select value={value} onChange={event => onValue(event.currentTarget.value)}>
      {options.map(([each, text]) => (
        <option key={each} value={each} selected={each === value}>
          {text}
        </option>
      ))}
    </select>
  </Field>
);

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
