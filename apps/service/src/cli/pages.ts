/**
 * The text of a page without entries: only the first page shows that there are none at all.
 *
 * @param after the place after which the page was requested; none for the first
 */
export const emptyPage = (after: string | undefined, none: string, noFurther: string): string =>
  after === undefined ? none : noFurther;

/** The lines below a page that has a next one. */
export const nextLine = (option: string, place: number | string | null | undefined): string[] =>
  place === null || place === undefined ? [] : ['', `${option} ${place}`];

/** As {@link nextLine}, of a list with the newest entries first. */
export const olderLine = (place: number | string | null | undefined): string[] =>
  nextLine('Older ones: --before', place);

/** The place of the next page, of a list that does not name it: a page with fewer entries than `limit` is the last. */
export const placeAfter = (entries: readonly { readonly id: number }[], limit: string): number | undefined =>
  entries.length < Number(limit) ? undefined : entries.at(-1)?.id;
