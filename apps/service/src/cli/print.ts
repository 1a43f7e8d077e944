import { escaped } from './terminal.ts';

/** Prints a text and a line feed; on a terminal, control characters of it are escaped. */
export const print = (text: string, output: Output = process.stdout): void => {
  output.write(`${shownOn(output, text)}\n`);
};

type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;

/**
 * A text as it is written to an output: exact where that is a file or a program. On a terminal control characters are
 * escaped, except line feeds, so that what a vendor or a user named cannot control it.
 */
export const shownOn = ({ isTTY }: Pick<Output, 'isTTY'>, text: string): string =>
  isTTY ? text.split('\n').map(escaped).join('\n') : text;
