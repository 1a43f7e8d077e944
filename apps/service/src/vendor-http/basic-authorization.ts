import type { BasicCredentials } from '../config/config.ts';

/** The header of HTTP Basic authentication. */
export function basicAuthorization({ username, password }: BasicCredentials): string {
  const user = typeof username === 'string' ? username : username.reveal();
  return `Basic ${Buffer.from(`${user}:${password?.reveal() ?? ''}`).toString('base64')}`;
}
