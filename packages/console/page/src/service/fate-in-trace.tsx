import type { ComponentChildren } from 'preact';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { Chip } from '../parts/chip.tsx';
import { Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import type { DeadLetter } from './dead-letter.ts';
import { findReplayed } from './replayed.ts';
import { stateOf, type Trace } from './traced-events.ts';

interface FateInTraceProps {
  readonly server: Server;
  readonly letter: DeadLetter;
  readonly user: string;
  /** Shown until the trace is read. */
  readonly children: ComponentChildren;
}

/** State of a replayed event by the trace of its user, where the counters of all events hide it. */
export function FateInTrace({ server, letter, user, children }: FateInTraceProps) {
  const { data, error } = usePolled<Trace>(server, 'api/trace', 5_000, { externalId: user });
  if (data === undefined && error === undefined) return children;
  const found = data && findReplayed(data, letter);
  if (found === undefined || typeof found === 'string')
    return (
      <>
        <Chip tone="warn">Not known</Chip> {found ?? `The trace of its user was not read: ${error?.message}`}
      </>
    );
  const [tone, text] = stateOf(found);
  return (
    <>
      <Chip tone={tone}>{text}</Chip>{' '}
      <span>
        {found.letter !== undefined && (
          <>
            <Link href={routeOf(server.name, 'dead-letters', String(found.letter))}>
              Dead letter {found.letter}
            </Link>
            :{' '}
          </>
        )}
        <Text of={found.detail} />
        {found.at !== null && (
          <>
            {' · '}
            <When at={found.at} full />
          </>
        )}
      </span>
    </>
  );
}
