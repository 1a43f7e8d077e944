import type { Answered } from './exchange.ts';
import { type Clean, vendorText } from './vendor-text.ts';

/**
 * An answer in the words of a message, safe to show: `301, a redirect to https://host/path: the body`. A
 * redirect names its target, since that is the address to configure, or the gateway in between.
 */
export function answerText(
  { status, body, redirectTo }: Pick<Answered, 'status' | 'body' | 'redirectTo'>,
  withoutSecrets: Clean,
  most?: number,
): string {
  const to = redirectTo === undefined ? '' : `, a redirect to ${vendorText(redirectTo, withoutSecrets)}`;
  const text = vendorText(body, withoutSecrets, most);
  return `${status}${to}${text === '' ? '' : `: ${text}`}`;
}
