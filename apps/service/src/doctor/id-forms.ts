import { createHash } from 'node:crypto';

/** Another form of an id, and what makes it. */
export interface IdForm {
  readonly id: string;
  readonly form: string;
}

const hashes = ['md5', 'sha1', 'sha256'] as const;
const names = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256' };

/**
 * The forms in which systems usually pass on an id by mistake: another case, without blanks around it, or a hash
 * of it, as hexadecimal digits or Base64. Without the id itself.
 */
export function formsOf(id: string): IdForm[] {
  const plain = id.trim();
  const forms: IdForm[] = [
    { id: plain, form: 'without blanks around it' },
    { id: plain.toLowerCase(), form: 'in lower case' },
    { id: plain.toUpperCase(), form: 'in upper case' },
  ];
  for (const text of new Set([id, plain.toLowerCase()]))
    for (const hash of hashes) {
      const digest = createHash(hash).update(text).digest();
      const hex = digest.toString('hex');
      const form = `as ${names[hash]}`;
      forms.push({ id: hex, form }, { id: hex.toUpperCase(), form });
      forms.push({ id: digest.toString('base64'), form: `${form} in Base64` });
    }
  return [...new Map(forms.toReversed().map(each => [each.id, each])).values()]
    .filter(each => each.id !== id && each.id !== '')
    .toReversed();
}

/** The same text for ids that differ only by case and blanks around them. */
export const folded = (id: string): string => id.trim().toLowerCase();
