import { glossary2026_07 } from '@braze-mixpanel/core/currents';

/** How an event from a file differs from the same event over the Custom HTTP connector. */
export interface FileDifferences {
  /** Properties that files lack. */
  readonly missing: readonly string[];
  /** Properties with 32 bits in files: equal up to about seven digits. */
  readonly rounded: readonly string[];
  /** Fields of the user that files lack, such as `device_id`. */
  readonly missingOfUser: readonly string[];
}

/**
 * What cannot be equal in an event from a file, by Braze's glossary of 2026-07; `undefined` for an event type
 * that the glossary lacks or that only files have.
 *
 * @example
 * ```ts
 * import { fileDifferences } from '@braze-mixpanel/currents-files';
 *
 * console.log(fileDifferences('users.messages.email.Send')?.missingOfUser); // [ 'device_id' ]
 * ```
 */
export function fileDifferences(eventType: string): FileDifferences | undefined {
  const entry = glossary2026_07.find(each => each.eventType === eventType);
  if (entry?.customHttp === undefined) return undefined;
  const stored = new Map(entry.storage.map(field => [field.name, field]));
  const absent = (fields: readonly { readonly name: string }[]) =>
    fields.filter(({ name }) => !stored.has(name)).map(({ name }) => name);
  return {
    missing: absent(entry.customHttp.properties),
    rounded: entry.customHttp.properties
      .filter(({ name, type }) => type === 'float' && stored.has(name))
      .map(({ name }) => name),
    missingOfUser: absent(entry.customHttp.user),
  };
}
