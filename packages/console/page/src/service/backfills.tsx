import { useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import { type Polled, usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { routeOf } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Input } from '../parts/fields.tsx';
import { count } from '../parts/format.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { type Backfill, JobState, kindOf, shareOf } from './backfill.tsx';
import { BackfillCard } from './backfill-card.tsx';

/** Jobs that bring in exported files: start, pause, resume and cancel them. */
export function Backfills({ server, id }: ViewProps) {
  const jobs = usePolled<{ backfills: readonly Backfill[] }>(server, 'api/backfills?limit=50');
  return (
    <Split
      id={id}
      title={<Text of={`Back-fill ${id}`} length={80} />}
      back={routeOf(server.name, 'back-fills')}
      detail={id !== undefined && <BackfillCard server={server} id={id} />}
    >
      <Start server={server} jobs={jobs} />
      <Loaded of={jobs}>
        {({ backfills }) =>
          backfills.length === 0 ? (
            <Empty>
              No back-fills. A dry run reads the files and counts what it would send, and sends nothing.
            </Empty>
          ) : (
            <Table
              label="Back-fills"
              rows={backfills}
              keyOf={job => job.id}
              opens={job => routeOf(server.name, 'back-fills', String(job.id))}
              opened={id}
              columns={[
                { name: 'ID', cell: job => job.id },
                { name: 'Kind', cell: kindOf },
                { name: 'State', kind: 'state', cell: job => <JobState of={job} /> },
                { name: 'Read', kind: 'number', cell: shareOf },
                { name: 'Events', kind: 'number', cell: job => count(job.report.events.accepted) },
                { name: 'Source', kind: 'main', cell: job => <Text of={job.source} length={80} /> },
                { name: 'Created', cell: job => <When at={job.createdAt} /> },
              ]}
            />
          )
        }
      </Loaded>
    </Split>
  );
}

function Start({ server, jobs }: { server: Server; jobs: Polled<unknown> }) {
  const [source, setSource] = useState('');
  const [dryRun, setDryRun] = useState(true);
  const [, navigate] = useLocation();
  const start = async () => {
    const job = await call<Backfill>(server, 'api/backfills', { method: 'POST', body: { source, dryRun } });
    await jobs.reload();
    navigate(routeOf(server.name, 'back-fills', String(job.id)));
    return `Back-fill ${job.id} was started.`;
  };
  return (
    <form class="card" onSubmit={event => event.preventDefault()}>
      <div class="row form">
        <Input
          label="Folder or bucket"
          isWide
          value={source}
          onValue={setSource}
          placeholder="/exports or s3://bucket/path"
        />
        <label class="check">
          <input
            type="checkbox"
            checked={dryRun}
            onChange={event => setDryRun(event.currentTarget.checked)}
          />
          Dry run
        </label>
        <Action look="primary" run={start} disabled={source.trim() === ''}>
          Start
        </Action>
      </div>
    </form>
  );
}
