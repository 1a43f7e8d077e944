import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { routeOf } from '../app/routes.ts';
import { Action } from '../parts/action.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { farAddress, sentEvents } from '../parts/far-address.tsx';
import { count, counted } from '../parts/format.ts';
import { Actions } from '../parts/outcomes.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { ChangeCurrentForm } from './change-current-form.tsx';
import { type Current, notSentBy, reasonsOf } from './current.ts';
import { CurrentProblem, CurrentState, LastAnswer } from './current-state.tsx';
import { sendTestEvents } from './send-test-events.ts';

interface CurrentCardProps {
  readonly server: Server;
  readonly current: Current;
  readonly onChange: () => Promise<void>;
}

/** Kinds in the words of Braze's page. */
const kinds: Readonly<Record<string, string>> = {
  'custom-http': 'Custom HTTP',
  'mixpanel-export': 'Mixpanel Export',
  storage: 'Storage export',
};

/** One Current: where it sends, what it has sent, and what waits. */
export function CurrentCard({ server, current, onChange }: CurrentCardProps) {
  const act = (verb: string, done: string) => async () => {
    await call(server, `_sim/currents/${encodeURIComponent(current.id)}/${verb}`, { method: 'POST' });
    await onChange();
    return done;
  };
  const [, navigate] = useLocation();
  const remove = async () => {
    await call(server, `_sim/currents/${encodeURIComponent(current.id)}`, { method: 'DELETE' });
    await onChange();
    navigate(routeOf(server.name, 'currents'));
    return undefined;
  };
  const test = () => sendTestEvents(server, current.id, onChange);
  const queues = current.queues.filter(({ pending, waiting, held }) => pending + waiting + held > 0);
  const notSent = notSentBy(current);
  const target = current.endpoint ?? current.apiUrl ?? current.folder ?? '—';
  return (
    <>
      <Actions>
        <CurrentState of={current} />
        {current.state === 'launched' ? (
          <Action run={act('pause', 'Paused.')}>Pause</Action>
        ) : (
          <Action look="primary" run={act('launch', 'Launched.')}>
            Launch
          </Action>
        )}
        <Action run={test}>Send test events</Action>
        <Action look="danger" confirm="Delete this Current? Its queued events are lost." run={remove}>
          Delete
        </Action>
      </Actions>
      {farAddress(current.endpoint ?? current.apiUrl, sentEvents)}
      <CurrentProblem of={current} />
      <Facts
        of={[
          ['Kind', kinds[current.kind] ?? current.kind],
          [
            current.folder === undefined ? 'Endpoint' : 'Folder',
            <Text key="target" of={target} length={600} />,
          ],
          ['Events', current.events === 'all' ? 'all types' : counted(current.events.length, 'type')],
          ['Catalogue', current.generation],
          ['Sent', `${count(current.sent)} events`],
          ['Dropped', reasonsOf(current.dropped)],
          ...(notSent === undefined ? [] : [['Not sent by the Mixpanel Export', notSent] as const]),
          ['Emitted while not launched', `${count(current.missed)} events`],
          ['Last answer', <LastAnswer key="answer" of={current} />],
          ['ID', <Code key="id" of={current.id} />],
        ]}
      />
      {queues.length > 0 && (
        <Part title="Queues">
          <Table
            label="Queues"
            rows={queues}
            keyOf={queue => queue.eventType}
            columns={[
              { name: 'Event type', kind: 'main', cell: queue => <Code of={queue.eventType} /> },
              { name: 'To send', kind: 'number', cell: queue => count(queue.pending) },
              { name: 'To retry', kind: 'number', cell: queue => count(queue.waiting + queue.held) },
              { name: 'Retry', cell: queue => <When at={queue.retryAt} /> },
            ]}
          />
        </Part>
      )}
      {current.kind !== 'storage' && (
        <Part title="Change the endpoint or its credentials">
          <ChangeCurrentForm key={current.id} server={server} current={current} onChange={onChange} />
        </Part>
      )}
      <Json title="As the API answers it" value={current} />
    </>
  );
}
