/** Calls to the server of this page. A failed call throws an error with the server's message. */

const tokenKey = 'admin token';

/** The token for the API of the service; stored for this tab only. */
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
    throw new Error('The server does not respond. Check that it is running.');
  });
  const text = await answer.text();
  const value = asJson(text);
  if (answer.ok) return value;
  if (answer.status === 401)
    throw new Error(`${token.get() === '' ? '' : 'Invalid token. '}Enter an admin or viewer token above.`);
  throw new Error(messageOf(value) ?? `${answer.status} ${text}`);
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
function messageOf(value) {
  const error = value?.error ?? value?.message;
  return typeof error === 'string' ? error : error?.message;
}
