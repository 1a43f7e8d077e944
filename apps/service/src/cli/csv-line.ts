/** A record of a CSV file (RFC 4180), with a line feed; `null` is an empty field. */
export const csvLine = (fields: readonly (string | number | boolean | null)[]): string =>
  `${fields.map(field => quoted(field === null ? '' : String(field))).join(',')}\n`;

const quoted = (field: string): string =>
  /[",\r\n]|^\s|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
