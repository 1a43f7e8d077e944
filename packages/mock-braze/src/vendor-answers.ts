import { STATUS_CODES } from 'node:http';
import { cohortImportErrors } from '@braze-mixpanel/core/braze';
import { type Respond, respond, type VendorAnswers } from '@braze-mixpanel/simulator-kit';

/** Every error of Braze's REST API is `{"message":"…"}`. */
export function refusal(status: number, message: string, rule: string): Respond {
  return respond(status, { message }, { rule });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Levels of a body to the REST API; what is deeper is read as no JSON. Undocumented at Braze. */
const deepest = 100;

/** The JSON of a request to the REST API: as `readJson`, but of a depth that can be stored and shown again. */
export function readBody(body: Uint8Array): unknown {
  const value = readJson(body);
  return isDeeper(value, deepest) ? undefined : value;
}

function isDeeper(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap(each => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}

/** The JSON of a request; `undefined` when it is none, or is not UTF-8. */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}

/** What Braze says where no route of its own answers, and by which text a fault's status is accompanied. */
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
