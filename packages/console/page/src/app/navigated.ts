let navigated = false;
const note = () => {
  navigated = true;
};
// The router reports each change of the history; the first address, and what replaces it, is no navigation.
for (const change of ['pushState', 'popstate']) addEventListener(change, note);

/**
 * Whether the reader has gone to another address since the page was loaded. Until then nothing takes the focus: the first
 * Tab reaches the link that skips the navigation.
 */
export const hasNavigated = (): boolean => navigated;
