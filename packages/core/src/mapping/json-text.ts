import { asciiSet, hasOnly } from '../mixpanel/character-set.ts';

/** Printable ASCII without the quotation mark and the backslash. */
const plain = asciiSet(/[ !#-[\]-~]/);

/** Whether a string between quotation marks is its own JSON text, in ASCII. */
export const isPlain = (text: string): boolean => hasOnly(plain, text);

/**
 * The same text in one piece. V8 joins strings as a tree and copies it when it needs the characters; the tree
 * takes several times the memory of the text.
 */
export function inOnePiece(text: string): string {
  text.includes('\0');
  return text;
}
