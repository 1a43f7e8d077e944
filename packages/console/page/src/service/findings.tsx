import { Chip, type Tone } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { When } from '../parts/when.tsx';
import type { Finding } from './status.ts';

const tones: Readonly<Record<Finding['severity'], [tone: Tone, text: string]>> = {
  critical: ['bad', 'Act now'],
  warning: ['warn', 'Act in time'],
  unverified: ['plain', 'Not verified'],
};

/** What acts now comes first. */
const order = Object.keys(tones);

interface FindingsProps {
  /** `null` where no one can know them, as of a connection that is no longer configured. */
  readonly of: readonly Finding[] | null;
}

/** What is wrong with a connection and what to do. */
export const Findings = ({ of }: FindingsProps) => (
  <Listed title="What to do" of={(of ?? []).filter(({ severity }) => severity !== 'unverified')} />
);

/** What the service can't verify of a connection. */
export const NotVerified = ({ of }: FindingsProps) => (
  <Listed title="Not verified" of={(of ?? []).filter(({ severity }) => severity === 'unverified')} />
);

function Listed({ title, of }: { title: string; of: readonly Finding[] }) {
  if (of.length === 0) return null;
  const sorted = of.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return (
    <Part title={title}>
      <ul class="findings">
        {sorted.map(({ id, severity, message, next, deadline }) => {
          const [tone, text] = tones[severity];
          return (
            <li key={id + message}>
              <Chip tone={tone}>{text}</Chip>
              <div>
                {message} <span class="quiet">{next}</span>
                {deadline !== null && (
                  <>
                    {' '}
                    Deadline: <When at={deadline} />.
                  </>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </Part>
  );
}
