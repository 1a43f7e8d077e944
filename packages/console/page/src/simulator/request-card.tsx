import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { Action } from '../parts/action.tsx';
import { Facts } from '../parts/facts.tsx';
import { bytes, milliseconds, short } from '../parts/format.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { readable } from './readable.ts';
import type { Answer, RecordedRequest } from './request.ts';
import { unfolded } from './unfolded.ts';
import { Verdict } from './verdict.tsx';

/** Longest shown path or query, in characters. */
const longest = 4_000;

/** One request and its answer. */
export function RequestCard({ server, id }: { server: Server; id: string }) {
  const entry = usePolled<RecordedRequest>(server, `_sim/requests/${encodeURIComponent(id)}`, 60_000);
  return (
    <Loaded of={entry}>
      {data => (
        <>
          <Facts
            of={[
              ['Request', <Code key="request" of={`${data.method} ${data.path}`} length={longest} />],
              ['Answer', <Verdict key="answer" of={data} />],
              [
                'Rule',
                data.rule === null ? (
                  'none: an ordinary request'
                ) : (
                  <Text key="rule" of={data.rule} length={600} />
                ),
              ],
              [
                'Faults',
                data.faults.length === 0 ? (
                  'none'
                ) : (
                  <Link key="faults" href={routeOf(server.name, 'faults')}>
                    {data.faults.join(', ')}
                  </Link>
                ),
              ],
              [
                'Route',
                data.route === null ? (
                  'none: not a path of the vendor'
                ) : (
                  <Link key="route" href={routeOf(server.name, 'coverage', data.route)}>
                    {data.route}: its rules and their sources
                  </Link>
                ),
              ],
              ['Received', <When key="received" at={data.at} full />],
              ['Took', milliseconds(data.durationMs)],
              ['Request body', isUnread(data) ? 'not kept' : bytes(data.bodyBytes)],
              ...(data.query === ''
                ? []
                : ([['Query', <Code key="query" of={readable(data.query)} length={longest} />]] as const)),
            ]}
          />
          <Repeat server={server} of={data} />
          <Json title="Body of the request" value={requestBody(data)} />
          {data.answer === null ? (
            <p class="quiet">The client got no complete answer.</p>
          ) : (
            <Json title="Body of the answer" value={answerBody(data.answer)} />
          )}
          <Json title="Headers of the request" value={data.headers} />
          {data.answer && <Json title="Headers of the answer" value={data.answer.headers} />}
        </>
      )}
    </Loaded>
  );
}

function Repeat({ server, of: { sequence, method, path } }: { server: Server; of: RecordedRequest }) {
  const [, navigate] = useLocation();
  const run = async () => {
    const sent = await call<{ sequence: number }>(server, `_sim/requests/${sequence}/repeat`, {
      method: 'POST',
    });
    navigate(routeOf(server.name, 'requests', String(sent.sequence)));
    return undefined;
  };
  return (
    <Action run={run} confirm={`Send ${method} ${short(path, 80)} to ${server.name} again?`}>
      Send again
    </Action>
  );
}

/** Whether a request announced a body of which the journal has nothing. */
const isUnread = ({ bodyBytes, headers }: RecordedRequest): boolean =>
  bodyBytes === 0 &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);

function requestBody(request: RecordedRequest): unknown {
  if (request.bodyBytes === 0 && !isUnread(request)) return 'The request had no body.';
  return request.body === null
    ? 'The journal does not have the body: it was dropped or unreadable.'
    : unfolded(request.body);
}

function answerBody({ body, bodyBytes }: Answer): unknown {
  if (bodyBytes === 0) return 'The answer had no body.';
  if (bodyBytes === null) return 'The journal does not have the body: it was generated while it was sent.';
  return body === null ? 'The journal does not have the body: it was dropped.' : unfolded(body);
}
