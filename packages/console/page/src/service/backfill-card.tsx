import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { bytes, count, inWords } from '../parts/format.ts';
import { Loaded, Problem } from '../parts/loaded.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { type Backfill, JobState, kindOf, shareOf } from './backfill.tsx';
import { sum } from './status.ts';

/** Verbs that a state allows. */
function verbsOf({ state, collects }: Backfill): readonly ('pause' | 'resume' | 'cancel')[] {
  if (state === 'running') return collects ? ['pause'] : ['pause', 'cancel'];
  if (state === 'paused') return collects ? ['resume'] : ['resume', 'cancel'];
  return state === 'failed' ? ['resume', 'cancel'] : [];
}

const done = { pause: 'Paused.', resume: 'Resumed.', cancel: 'Cancelled.' };

/** One back-fill: its progress, its report, and what an operator can do. */
export function BackfillCard({ server, id }: { server: Server; id: string }) {
  const path = `api/backfills/${encodeURIComponent(id)}`;
  const opened = usePolled<Backfill>(server, path);
  return (
    <Loaded of={opened}>
      {job => (
        <>
          <div class="row">
            <JobState of={job} />
            {verbsOf(job).map(verb => (
              <Action
                key={verb}
                {...(verb === 'cancel' && {
                  confirm: `End back-fill ${job.id} for good? Events that it has read are delivered.`,
                })}
                look={verb === 'cancel' ? 'danger' : 'plain'}
                run={async () => {
                  await call(server, `${path}/${verb}`, { method: 'POST' });
                  await opened.reload();
                  return done[verb];
                }}
              >
                {inWords(verb)}
              </Action>
            ))}
          </div>
          {(job.problem ?? job.collected?.problem) && (
            <Problem>
              <Text of={job.problem ?? job.collected?.problem ?? ''} length={600} />
            </Problem>
          )}
          <Facts of={factsOf(job)} />
          <ByType of={job} />
          <Json title="Whole report" value={job} />
        </>
      )}
    </Loaded>
  );
}

function factsOf(job: Backfill) {
  const { report, delivery } = job;
  const { files, events, total } = report;
  return [
    ['Kind', kindOf(job)],
    ['Source', <Text key="source" of={job.source} length={600} />],
    ['Connection', <Text key="connection" of={job.connection} />],
    ['Created', <When key="created" at={job.createdAt} full />],
    [
      'Read',
      <>
        {shareOf(job)}
        {total !== null && ` of ${bytes(total.bytes)} in ${count(total.files)} files`}
      </>,
    ],
    [
      'Files',
      `${count(files.read)} read, ${count(files.damaged)} read in part, ${count(files.already)} read by an earlier one, ${count(files.unreadable)} unreadable, ${count(files.other)} other than Avro`,
    ],
    [
      job.isDryRun ? 'Events that it would send' : 'Events accepted',
      `${count(events.accepted)} · ${count(events.notWanted)} not wanted · ${count(events.tooOld)} too old for Mixpanel`,
    ],
    ...(job.isDryRun
      ? []
      : ([
          [
            'All back-fills of the connection',
            `${count(delivery.imported)} imported · ${count(sum(delivery.skipped))} skipped · ${count(sum(delivery.deadLettered))} dead letters · ${count(delivery.pending)} waiting`,
          ],
        ] as const)),
  ] as const;
}

function ByType({ of: { report } }: { of: Backfill }) {
  const rows = Object.entries(report.byType).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return null;
  return (
    <Part title="Events by type">
      <Table
        label="Events by type"
        rows={rows.slice(0, 50)}
        keyOf={([type]) => type}
        columns={[
          { name: 'Type', kind: 'main', cell: ([type]) => <Code of={type} /> },
          { name: 'Events', kind: 'number', cell: ([, events]) => count(events) },
        ]}
      />
    </Part>
  );
}
