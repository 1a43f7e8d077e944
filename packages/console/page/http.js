/** Calls of the server beside the page. A refused call throws the server's own sentence. */

const tokenKey = 'admin token';

/** The token that the service's API asks for; kept for this tab alone. */
export const token = {
  get: () => sessionStorage.getItem(tokenKey) ?? '',
  /** @param {string} value */
  set: value => sessionStorage.setItem(tokenKey, value.trim()),
};

/**
 * @param {string} path
 * @param {{ method?: string, body?: unknown }} [options]
 * @returns {Promise<any>}
 */
export async function call(path, { method = 'GET', body } = {}) {
  const answer = await fetch(path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token.get() !== '' && { authorization: `Bearer ${token.get()}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error('The server does not answer. Is it still running?');
  });
  const text = await answer.text();
  const value = asJson(text);
  if (answer.ok) return value;
  throw Object.assign(new Error(sentenceOf(value) ?? `${answer.status} ${text}`), { status: answer.status });
}

/** @param {string} text */
function asJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param {any} value */
function sentenceOf(value) {
  const error = value?.error ?? value?.message;
  return typeof error === 'string' ? error : error?.message;
}
