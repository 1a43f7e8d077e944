import { boundOf, shown } from './marks.ts';
import { type Mark, type Measured, resultOf } from './result.ts';

/** Options that every benchmark has. */
export interface CommonArguments {
  json?: true;
  check?: true;
}

/** Prints what a benchmark gave. With `check`, names each missed mark and sets the exit code to 1. */
export function finish(measured: Measured, { json, check }: CommonArguments): void {
  console.log(json ? JSON.stringify(resultOf(measured)) : `${measured.text}\n`);
  if (check) checkMarks(measured.marks);
}

/** Names each missed mark on the error output and sets the exit code to 1 if there is one. */
function checkMarks(marks: readonly Mark[]): void {
  for (const each of marks.filter(({ met }) => !met)) {
    console.error(`Missed: ${each.name} is ${shown(each)}, and must be at ${boundOf(each)}.`);
    process.exitCode = 1;
  }
}
