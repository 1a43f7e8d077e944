/** Choices that follow from a seed. */
export interface Draw {
  /** A whole number from 0 up to but not `end`. */
  below(end: number): number;
  chance(share: number): boolean;
  of<Element>(elements: readonly Element[]): Element;
}

export function drawing(random: () => number): Draw {
  const below = (end: number) => Math.floor(random() * end);
  return { below, chance: share => random() < share, of: elements => elements[below(elements.length)]! };
}
