/**
 * Titles of tests by rule, word for word, by the file of the test from the root of the repository. `cases`
 * are titles of vendor cases. One entry stands for all routes with the rule: they share its code.
 */
export type RuleTests = Readonly<Record<string, Readonly<Record<string, string>>>> & {
  readonly cases: Readonly<Record<string, string>>;
};

/** Whether a source file has a test of this title. */
export function hasTest(source: string, title: string): boolean {
  return ["'", '"', '`'].some(quote => source.includes(`${quote}${title}${quote},`));
}
