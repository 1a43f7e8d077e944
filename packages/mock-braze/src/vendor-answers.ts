import { cohortImportErrors } from '@braze-mixpanel/core/braze';
import { isDeeper, type Respond, respond, type VendorAnswers } from '@braze-mixpanel/simulator-kit';

// A static import of this module would load the client behind `fetch` as well.
const { STATUS_CODES } = process.getBuiltinModule('node:http');

/** An error of Braze's REST API: `{"message":"…"}`. */
export function refusal(status: number, message: string, rule: string): Respond {
  return respond(status, { message }, { rule });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Maximum nesting of a REST API body; deeper ones count as invalid JSON. Undocumented by Braze. */
const deepest = 100;

/**
 * The JSON of a REST API request: as `readJson`, but limited to a depth that can be stored and shown again.
 */
export function readBody(body: Uint8Array): unknown {
  const value = readJson(body);
  return isDeeper(value, deepest) ? undefined : value;
}

/** The JSON of a request; `undefined` if it is not valid JSON or not UTF-8. */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}

/** Braze's answers for unknown paths and methods, and its error texts for the statuses of faults. */
export const vendorAnswers: VendorAnswers = {
  notFound: () => refusal(404, 'Not Found', 'no such path'),
  wrongMethod: (_, allowed) =>
    respond(405, { message: 'Method Not Allowed' }, { headers: { allow: allowed.join(', ') } }),
  bodyOf: status => ({ message: messages[status] ?? STATUS_CODES[status] ?? 'Error' }),
};

export const rateLimitMessage = 'Rate limit exceeded';

const messages: Readonly<Record<number, string>> = {
  423: cohortImportErrors.locked.message,
  429: rateLimitMessage,
};
