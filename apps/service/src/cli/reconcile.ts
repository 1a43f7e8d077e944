import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { type ReconciliationAnswer, reconcileEndpoints } from '../http/reconcile-routes.ts';
import { adminCommand, asks } from './admin-command.ts';
import { withDefaults } from './day-options.ts';
import { type MessageKind, messageKinds, messagesText } from './reconcile-messages.ts';
import { reconcileText } from './reconcile-text.ts';
import { paragraph } from './terminal.ts';

interface ReconcileOptions {
  readonly connection: string;
  readonly from?: string;
  readonly to?: string;
  readonly all?: true;
  readonly check?: true;
  readonly by?: MessageKind;
}

const pollMs = 500;

/** `reconcile`: every count of every event and day, and why they differ. */
export function reconcileCommand(): Command {
  const command = adminCommand(
    'reconcile',
    'explain why the counts of Braze, the service and Mixpanel differ, per event and day',
  )
    .option('--connection <name>', 'connection whose events are counted', 'default')
    .option('--from <day>', 'first day, UTC (default: nine days ago, or the first with events)')
    .option('--to <day>', 'last day, UTC (default: three days ago, or the last with events)')
    .addOption(
      new Option('--by <kind>', 'print the counts by campaign, Canvas or send, over all days').choices(
        messageKinds,
      ),
    )
    .option('--all', 'print days without a difference too')
    .option('--check', 'exit with 1 if more is unexplained than RECONCILE_THRESHOLD allows, or not known');
  return asks(
    command,
    async (service, { connection, check, from, to }: ReconcileOptions) => {
      const days =
        from !== undefined && to !== undefined
          ? { from, to }
          : (await service.call(reconcileEndpoints.list, { query: { connection } })).days;
      const body = { connection, ...withDefaults({ from, to }, days) };
      const { id } = await service.call(reconcileEndpoints.begin, { body });
      for (let shown = ''; ; ) {
        const answer = await service.call(reconcileEndpoints.get, { id: String(id) });
        if (answer.state === 'running') {
          const { progress } = answer;
          if (process.stderr.isTTY && progress && progress !== shown) console.error(paragraph(progress));
          shown = progress ?? shown;
          await pause(pollMs);
          continue;
        }
        const { report } = answer;
        if (report === null || (check && report.findings.length + report.notKnown.length > 0))
          process.exitCode = 1;
        return answer;
      }
    },
    ({ report, problem }: ReconciliationAnswer, { all, by }) => {
      if (report === null) return paragraph(problem ?? 'There is no report.');
      return by === undefined ? reconcileText(report, all === true) : messagesText(report, by, all === true);
    },
    // A row of a table stays on its line.
    text => text,
  );
}
