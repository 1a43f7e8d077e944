import { Facts, Part } from '../../parts/facts.tsx';
import { counted, milliseconds } from '../../parts/format.ts';
import { Code, Json } from '../../parts/text.tsx';
import { When } from '../../parts/when.tsx';
import type { KeptRequest } from './followed.ts';

interface KeptRequestsProps {
  readonly of: readonly KeptRequest[];
  readonly title?: string;
  /** What one of them is: an attempt to bring one event, or a request of its own. */
  readonly noun?: string;
}

/** Requests of the service with their answers, in order; the last one is open. */
export function KeptRequests({ of, title = 'Requests to Mixpanel', noun = 'attempt' }: KeptRequestsProps) {
  if (of.length === 0) return null;
  return (
    <Part level="h2" title={title}>
      {of.map((request, index) => (
        <details key={request.number} class="card kept" open={index === of.length - 1}>
          <summary>
            <b>{request.status === null ? 'No answer' : `Answered ${request.status}`}</b>{' '}
            <Code of={new URL(request.url).pathname} /> · {noun} {index + 1} ·{' '}
            {milliseconds(request.durationMs)} · <When at={request.at} />
          </summary>
          <Facts
            of={[
              ['Request', <Code key="url" of={`POST ${request.url}`} />],
              ...(request.events === 0
                ? []
                : ([
                    [
                      'Events',
                      request.events === 1
                        ? 'this one alone'
                        : `${counted(request.events, 'event')}; the body below has this one only`,
                    ],
                  ] as const)),
            ]}
          />
          <div class="two">
            <Json title="Body" value={parsed(request.body)} />
            <Json title="Answer" value={parsed(request.answer)} />
          </div>
          <Json title="Headers" value={request.headers} />
        </details>
      ))}
    </Part>
  );
}

/** JSON as a value, any other text as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
