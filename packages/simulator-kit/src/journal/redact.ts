/** The replacement of a secret. */
const cut = '[cut]';

const secretName =
  /^(authorization|cookie|set-cookie|proxy-authorization|x-api-key|api_?key|api_?secret|partner_?api_?key|client_?secret|data_?import_?key|rest_?api_?key|secret|password|token)$/i;

/** A JSON field with a string value, which may be truncated. */
const jsonField = /("([\w-]+)"\s*:\s*)"(?:[^"\\]|\\.)*("|\\?$)/g;

const formField = /((?:^|&)(\w+)=)[^&]*/g;

/** Headers with credentials redacted; the scheme of `authorization` is kept. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (!secretName.test(name)) return [name, value];
      const scheme = /^(Basic|Bearer)\s/i.exec(value)?.[1];
      return [name, scheme === undefined ? cut : `${scheme} ${cut}`];
    }),
  );
}

export function redactQuery(query: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const [name, value] of query) kept.append(name, secretName.test(name) ? cut : value);
  return kept.toString();
}

/** JSON or form text, possibly truncated, with the values of secret fields redacted. */
export function redactText(text: string): string {
  return text
    .replace(jsonField, (field, start, name) => (secretName.test(name) ? `${start}"${cut}"` : field))
    .replace(formField, (field, start, name) =>
      name === 'data' || secretName.test(name) ? start + cut : field,
    );
}
