/**
 * The programs that parts of the tests need, with their versions. They are part of the key of every cached
 * result: a result from other programs, or without one, does not apply to this machine.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { browserProgram } from '../contracts/end-to-end/src/browser.ts';
import { postgresPrograms } from '../packages/storage/src/testing/postgres-programs.ts';

const run = promisify(execFile);

const programs = {
  docker: ['docker', 'version', '--format', '{{.Server.Version}}'],
  compose: ['docker', 'compose', 'version', '--short'],
  postgres: [`${postgresPrograms() ?? 'no-folder'}/postgres`, '--version'],
  browser: [browserProgram, '--version'],
  promtool: ['promtool', '--version'],
  python: ['python3', '--version'],
  ruby: ['ruby', '--version'],
};

/** The versions, for example `docker 29.1.3, compose missing, …`. */
export async function findEngines() {
  const found = Object.entries(programs).map(async ([name, [program, ...args]]) => {
    try {
      const { stdout } = await run(program, args, { timeout: 20_000 });
      return `${name} ${stdout.trim().split('\n')[0]}`;
    } catch {
      return `${name} missing`;
    }
  });
  return (await Promise.all(found)).join(', ');
}
