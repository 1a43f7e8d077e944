/** A query of an address as it is read: decoded, except for what would begin another parameter or another character. */
export const readable = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => `${name.replaceAll(/[%&+=]/g, encoded)}=${value.replaceAll(/[%&+]/g, encoded)}`)
    .join('&');

const encoded = (character: string): string => encodeURIComponent(character);
