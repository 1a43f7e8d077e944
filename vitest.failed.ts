import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * The record of what failed in the last run of a task: `.turbo/failed.txt` in the folder of its workspace. `npm test` prints all of them
 * last, since its output is thousands of lines long.
 */
export class FailedRecord implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    if (process.env.TURBO_HASH === undefined) return;
    rmSync('.turbo/failed.txt', { force: true });
    const failures = [
      ...modules.flatMap(module => [
        ...textsOf(module.relativeModuleId, module.errors()),
        ...[...module.children.allSuites()].flatMap(suite =>
          textsOf(`${module.relativeModuleId}: ${suite.fullName}`, suite.errors()),
        ),
        ...[...module.children.allTests('failed')].flatMap(test =>
          textsOf(`${module.relativeModuleId}: ${test.fullName}`, test.result().errors ?? []),
        ),
      ]),
      ...textsOf('outside of a test', unhandled),
    ];
    if (failures.length === 0) return;
    mkdirSync('.turbo', { recursive: true });
    writeFileSync('.turbo/failed.txt', `${failures.join('\n')}\n`);
  }
}

const textsOf = (where: string, errors: readonly { message: string; stack?: string }[]): string[] =>
  errors.map(({ message, stack }) => `${where}\n${stack ?? message}`);
