import { Chip, type Tone } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { When } from '../parts/when.tsx';
import type { Finding } from './status.ts';

const tones: Readonly<Record<Finding['severity'], [tone: Tone, text: string]>> = {
  critical: ['bad', 'Act now'],
  warning: ['warn', 'Act in time'],
  unverified: ['plain', 'Not verified'],
};

/** What acts now comes first, what can't be verified last. */
const order = Object.keys(tones);

/** What needs action on a connection, or can't be verified. */
export function Findings({ of }: { of: readonly Finding[] | null }) {
  if (of === null || of.length === 0) return null;
  const sorted = of.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return (
    <Part title="Findings">
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
