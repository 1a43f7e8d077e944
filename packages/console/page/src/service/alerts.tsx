import { usePolled } from '../api/use-polled.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Chip } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { counted, inWords } from '../parts/format.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Text } from '../parts/text.tsx';
import type { Tone } from '../parts/tone.ts';
import { type Alert, alertName } from './alert.ts';
import { Runbook } from './runbook.tsx';

const tones: Readonly<Record<Alert['severity'], Tone>> = { critical: 'bad', warning: 'warn', info: 'busy' };

/** The alerts whose conditions hold now, with their runbooks, and those that only Prometheus can know. */
export function Alerts({ server }: ViewProps) {
  const alerts = usePolled<{ alerts: readonly Alert[] }>(server, 'api/alerts', 5_000);
  return (
    <Loaded of={alerts}>
      {data => {
        const firing = data.alerts.filter(({ state }) => state === 'firing');
        const unknown = data.alerts.filter(({ notKnown }) => notKnown.length > 0);
        const quiet = data.alerts.filter(({ state }) => state === 'quiet');
        return (
          <>
            {firing.length === 0 && (
              <p class="line">
                <Chip tone="good">No condition holds</Chip>
                <span class="quiet">
                  Of the {counted(quiet.length, 'alert')} that the service can evaluate itself.
                </span>
              </p>
            )}
            {firing.map(alert => (
              <Firing key={alert.alert} of={alert} />
            ))}
            <Listed title="Not known here" alerts={unknown} />
            <Listed title="Quiet" alerts={quiet} />
          </>
        );
      }}
    </Loaded>
  );
}

const Firing = ({ of: { alert, severity, firing, runbook } }: { of: Alert }) => (
  <article class="card" aria-label={alert}>
    <header>
      <h2>{alertName(alert)}</h2>
      <Chip tone={tones[severity]}>{inWords(severity)}</Chip>
    </header>
    <ul class="rules">
      {firing.map(({ connection, summary, description }) => (
        <li key={connection + summary}>
          <strong>
            <Text of={summary} length={300} />
          </strong>
          <Text of={description} length={600} />
        </li>
      ))}
    </ul>
    <Runbook page={runbook} />
  </article>
);

function Listed({ title, alerts }: { title: string; alerts: readonly Alert[] }) {
  if (alerts.length === 0) return null;
  return (
    <Part title={title} level="h2">
      <ul class="rules">
        {alerts.map(({ alert, runbook, notKnown }) => (
          <li key={alert}>
            <span>
              <strong>{alertName(alert)}</strong> <span class="quiet">{notKnown.join(' ')}</span>
            </span>
            <Runbook page={runbook} />
          </li>
        ))}
      </ul>
    </Part>
  );
}
