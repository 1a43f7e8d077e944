import { usePolled } from '../api/use-polled.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Chip, type Tone } from '../parts/chip.tsx';
import { Part } from '../parts/facts.tsx';
import { counted, inWords } from '../parts/format.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Code, Text } from '../parts/text.tsx';

interface Alert {
  readonly alert: string;
  readonly severity: 'critical' | 'warning' | 'info';
  readonly state: 'firing' | 'quiet' | 'not_known';
  readonly runbook: string;
  readonly firing: readonly {
    readonly connection: string;
    readonly summary: string;
    readonly description: string;
  }[];
  readonly notKnown: readonly string[];
}

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
      <h2>{nameOf(alert)}</h2>
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
    <p>
      Runbook: <Code of={runbook} />
    </p>
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
              <strong>{nameOf(alert)}</strong> <span class="quiet">{notKnown.join(' ')}</span>
            </span>
            <span class="quiet">
              Runbook: <Code of={runbook} />
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** `BrazeMixpanelBacklogOld` becomes `Backlog old`. */
const nameOf = (alert: string): string =>
  inWords(alert.replace('BrazeMixpanel', '').replace(/(?!^)[A-Z]/g, letter => ` ${letter.toLowerCase()}`));
