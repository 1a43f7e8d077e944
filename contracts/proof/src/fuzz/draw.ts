/** Random choices derived from a seed. */
export interface Draw {
  /** An integer from 0 up to but not including `end`. */
  below(end: number): number;
  chance(share: number): boolean;
  of<Element>(elements: readonly Element[]): Element;
}

export function drawing(random: () => number): Draw {
  const below = (end: number) => Math.floor(random() * end);
  return { below, chance: share => random() < share, of: elements => elements[below(elements.length)]! };
}
