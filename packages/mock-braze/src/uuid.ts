/** A version 4 UUID from an injected random generator, so that a seed reproduces it. */
export function uuid(random: () => number): string {
  const digit = (from: number, count: number) => (from + Math.floor(random() * count)).toString(16);
  const digits = (length: number) => Array.from({ length }, () => digit(0, 16)).join('');
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${digit(8, 4)}${digits(3)}-${digits(12)}`;
}
