import { Command } from 'commander';
import type { CheckResult } from '../doctor/check-result.ts';
import { doctor } from '../doctor/doctor.ts';
import { configured } from './configured.ts';
import { print } from './print.ts';
import { marked } from './terminal.ts';

/** `doctor`: prints the findings. Exit code 1 if a configured part does not work. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'check keys, permissions, region, clock, public address, cohorts, collected files and storage; writes nothing',
    )
    .option('--json', 'print the findings as JSON')
    .action(async ({ json }: { json?: true }) => {
      const findings = await doctor(await configured('Nothing was checked.'), { fetch, now: Date.now });
      const healthy = findings.every(({ result }) => result !== 'failure');
      print(
        json
          ? JSON.stringify({ ok: healthy, findings: findings.map(withSays) }, undefined, 2)
          : report(findings),
      );
      if (!healthy) process.exitCode = 1;
    });
}

const marks = { ok: 'ok       ', warning: 'warning  ', failure: 'FAILURE  ', skipped: '–        ' };

/** The former name of `message` in the JSON output; deprecated. */
const withSays = (finding: CheckResult) => ({ ...finding, says: finding.message });

/** Each finding, and below it how to fix it. */
function report(findings: readonly CheckResult[]): string {
  const lines = findings.flatMap(({ connection, about, result, message, next }) => {
    const place = connection === undefined || connection === 'default' ? about : `${connection}: ${about}`;
    const fix = next === undefined ? [] : [marked('         → ', next)];
    return [marked(marks[result], `${place}: ${message}`), ...fix];
  });
  const count = (result: CheckResult['result']) => findings.filter(each => each.result === result).length;
  const several = (result: 'warning' | 'failure') =>
    `${count(result)} ${result}${count(result) === 1 ? '' : 's'}`;
  const sum = `${count('ok')} ok, ${several('warning')}, ${several('failure')}, ${count('skipped')} not checked`;
  return [...lines, '', sum].join('\n');
}
