/**
 * Hides warnings of Node's own form by name; all others are printed as before.
 *
 * @param names for example `MetadataLookupWarning`
 */
export function hideWarnings(...names: string[]): void {
  const printers = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', warning => {
    if (!names.includes(warning.name)) for (const print of printers) print(warning);
  });
}
