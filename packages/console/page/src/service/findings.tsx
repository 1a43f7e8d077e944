import { Chip } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import type { Finding } from './status.ts';

interface FindingsProps {
  /** `null` where nothing can be known, as of a connection that is no longer configured. */
  readonly of: readonly Finding[] | null;
}

/** What is wrong with a connection and what to do: what acts now comes first. */
export function Findings({ of }: FindingsProps) {
  const urgent = findingsOf(of, 'critical');
  const wrong = [...urgent, ...findingsOf(of, 'warning')];
  if (wrong.length === 0) return null;
  return (
    <Part title="What to do">
      <ul class="findings">
        {wrong.map(finding => (
          <li key={finding.id + finding.message}>
            {urgent.includes(finding) ? (
              <Chip tone="bad">Act now</Chip>
            ) : (
              <Chip tone="warn">Act in time</Chip>
            )}
            <Sentences of={finding} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** What the service can't verify of a connection. */
export function NotVerified({ of }: FindingsProps) {
  const unverified = findingsOf(of, 'unverified');
  if (unverified.length === 0) return null;
  return (
    <Part title="Not verified">
      <ul class="bullets">
        {unverified.map(finding => (
          <li key={finding.id + finding.message}>
            <Sentences of={finding} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

const findingsOf = (of: FindingsProps['of'], severity: Finding['severity']): readonly Finding[] =>
  of?.filter(each => each.severity === severity) ?? [];

const Sentences = ({ of: { message, next, deadline } }: { of: Finding }) => (
  <div>
    <Text of={message} length={600} />{' '}
    <span class="quiet">
      <Text of={next} length={600} />
    </span>
    {deadline !== null && (
      <>
        {' '}
        Deadline: <When at={deadline} />.
      </>
    )}
  </div>
);
