/**
 * The shortest decimal number that a 32-bit float stands for: 3.14 where the file holds 3.140000104904175, as
 * the Custom HTTP connector sends it. Numbers with more than about seven digits had lost them in the file.
 */
export function shortFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
