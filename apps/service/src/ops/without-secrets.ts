import { Secret } from '../config/secret.ts';

/** A function that cuts every secret found anywhere in `holder` out of a text: vendors' answers sometimes repeat them. */
export function withoutSecretsOf(holder: unknown): (text: string) => string {
  const secrets = [...new Set(secretsIn(holder))]
    .filter(secret => secret !== '')
    .sort((a, b) => b.length - a.length);
  return text => secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text);
}

function secretsIn(value: unknown): string[] {
  if (value instanceof Secret) return [value.reveal()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}
