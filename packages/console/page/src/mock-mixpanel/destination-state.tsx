import type { ComponentChildren } from 'preact';
import { about } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { Chip } from '../parts/chip.tsx';
import { Problem } from '../parts/loaded.tsx';
import { Text } from '../parts/text.tsx';
import type { Destination } from './destination.ts';

/** Whether Braze accepts the key of a connection, as far as a sync has shown it. */
export function DestinationState({ of: { lastRun, syncs } }: { of: Destination }) {
  if (lastRun === null)
    return <Chip tone="plain">{syncs.length === 0 ? 'Not used yet' : 'No run since it was connected'}</Chip>;
  if (lastRun.outcome === 'succeeded') return <Chip tone="good">Works</Chip>;
  return <Chip tone="bad">{lastRun.status === 401 ? 'Key refused' : 'Failing'}</Chip>;
}

interface BrazeProblemProps {
  readonly status: number | null;
  /** What the sync reports. */
  readonly error: string;
  /** What to do with a new key. */
  readonly then: ComponentChildren;
}

/** A failed export to Braze: what Braze answered, and what to do. */
export const BrazeProblem = ({ status, error, then }: BrazeProblemProps) => (
  <Problem>
    {status === 401 ? (
      <>
        <p>Braze answered 401: it does not accept the data import key.</p>
        <p>
          Generate a new data import key in <PartnersPage />, then {then}.
        </p>
      </>
    ) : (
      <p>
        {status === null ? 'Braze did not accept the export: ' : `Braze answered ${status}: `}
        <Text of={error} length={400} />
      </p>
    )}
  </Problem>
);

const PartnersPage = () =>
  about().servers.some(({ name }) => name === 'mock-braze') ? (
    <Link href={routeOf('mock-braze', 'technology-partners')}>Technology Partners</Link>
  ) : (
    <>Technology Partners</>
  );
