import { Secret } from './secret.ts';

/** Credentials found anywhere in `holder`. */
interface Found {
  readonly secrets: string[];
  /** Pairs as in HTTP Basic, `user:password`. */
  readonly pairs: string[];
}

/**
 * A function that removes every secret found anywhere in `holder` from a text: answers of vendors and of
 * proxies sometimes repeat the request. Removed are secrets as they are, URI-encoded, as JSON escapes them,
 * and in base64 as HTTP Basic sends them: alone, as a user name without a password, and after the `username`
 * beside them in `holder`.
 */
export function withoutSecretsOf(holder: unknown): (text: string) => string {
  const { secrets, pairs } = found(holder);
  const basic = [...secrets, ...secrets.map(secret => `${secret}:`), ...pairs].flatMap(base64Forms);
  const written = secrets.flatMap(secret => [
    secret,
    encodeURIComponent(secret),
    formEncoded(secret),
    jsonEscaped(secret),
  ]);
  const forms = [...new Set([...written, ...basic])]
    .filter(form => form !== '')
    .sort((a, b) => b.length - a.length);
  return text => forms.reduce((left, form) => left.replaceAll(form, '[secret]'), text);
}

/** With and without padding, in both alphabets. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  const padded = bytes.toString('base64');
  return [padded, padded.replaceAll('=', ''), bytes.toString('base64url')];
}

const jsonEscaped = (text: string) => JSON.stringify(text).slice(1, -1);
const formEncoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);

function found(value: unknown): Found {
  if (value instanceof Secret) return { secrets: [value.reveal()], pairs: [] };
  if (typeof value !== 'object' || value === null) return { secrets: [], pairs: [] };
  const inner = Object.values(value).map(found);
  const { username, password } = value as { username?: unknown; password?: unknown };
  const user = username instanceof Secret ? username.reveal() : username;
  const pair = typeof user === 'string' && password instanceof Secret ? [`${user}:${password.reveal()}`] : [];
  return {
    secrets: inner.flatMap(each => each.secrets),
    pairs: [...pair, ...inner.flatMap(each => each.pairs)],
  };
}
