/**
 * The error of a request with parameters that this simulator does not evaluate: without them, the result would be wrong.
 * `undefined` if there are none.
 */
export function notEvaluated(names: readonly string[], has: (name: string) => boolean): string | undefined {
  const given = names.filter(has);
  if (given.length === 0) return undefined;
  const list = given.join(', ');
  return `${list}: not evaluated by this simulator, so the result would be wrong. Omit ${list}, and filter the result.`;
}
