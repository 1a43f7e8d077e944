/** Which of so many records a `partial` fault refuses: each with the probability `share`, and at least one. */
export function refusedOf(records: number, share: number, random: () => number): ReadonlySet<number> {
  const refused = new Set<number>();
  for (let index = 0; index < records; index += 1) if (random() < share) refused.add(index);
  if (refused.size === 0 && records > 0) refused.add(Math.floor(random() * records));
  return refused;
}
