import { inspect } from 'node:util';

/**
 * A value that must not be seen: whatever prints, logs, inspects or serialises it gets `[secret]`. Only `reveal()` gives
 * it away, so a search for that word finds every place where a secret leaves the configuration.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
