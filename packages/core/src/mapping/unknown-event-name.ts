import type { CatalogueVersion } from '../currents/types.ts';

/**
 * Event name in Mixpanel for an event type that the catalogue version lacks: its words in title case, without
 * a leading `users`, `messages` or `behaviors`. `users.messages.kakao.SoftBounce` gives `Kakao Soft Bounce`.
 *
 * A name that the catalogue has for another event type gets all words instead. `undefined` if that does not
 * help either, or if there is no letter or digit.
 */
export function unknownEventName(
  eventType: string,
  { entries }: CatalogueVersion,
  names: ReadonlyMap<string, string> | undefined,
): string | undefined {
  const isTaken = (name: string) =>
    entries.some(entry => (names?.get(entry.eventType) ?? entry.name).toLowerCase() === name.toLowerCase());
  const all = eventType.split('.');
  const distinct = all.filter((word, index) => !(index < 2 && leading.has(word)));
  return [distinct, all].map(titleOf).find(name => name !== '' && !isTaken(name));
}

const leading: ReadonlySet<string> = new Set(['users', 'messages', 'behaviors']);

const titleOf = (segments: readonly string[]) =>
  segments
    .flatMap(segment => segment.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2').match(/[\p{L}\p{N}]+/gu) ?? [])
    .map(word => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join(' ');
