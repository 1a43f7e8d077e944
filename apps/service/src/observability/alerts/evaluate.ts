import { z } from 'zod';
import { count, dayMs, hourMs } from '../findings/durations.ts';
import { type AlertName, type AlertRule, alertRules } from './alert-rules.ts';
import { conditions, type Firing, type Observed } from './conditions.ts';

export const alertSchema = z
  .object({
    alert: z.string().describe('Its name in `deploy/alerts.yaml`.'),
    severity: z.enum(['critical', 'warning', 'info']),
    state: z
      .enum(['firing', 'quiet', 'not_known'])
      .describe('`not_known` where only Prometheus, or a later moment, has what the condition needs.'),
    runbook: z.string().describe('Page of the repository.'),
    firing: z
      .array(z.object({ connection: z.string(), summary: z.string(), description: z.string() }).readonly())
      .readonly(),
    notKnown: z.array(z.string()).readonly().describe('Why it is not known, each reason once.'),
  })
  .readonly();
export type Alert = z.output<typeof alertSchema>;

const severities = ['critical', 'warning', 'info'];

/** Every alert on the present state of the connections: firing ones first, and of these the most severe. */
export function evaluateAlerts(observed: readonly Observed[]): Alert[] {
  const alerts = (Object.keys(alertRules) as AlertName[]).map(name => evaluate(name, observed));
  const place = ({ state, severity }: Alert) => (state === 'firing' ? 0 : 9) + severities.indexOf(severity);
  return alerts.sort((a, b) => place(a) - place(b));
}

function evaluate(alert: AlertName, observed: readonly Observed[]): Alert {
  const rule: Omit<AlertRule, 'alert'> = alertRules[alert];
  const condition = conditions[alert];
  const results =
    typeof condition === 'string' ? [{ notKnown: condition }] : observed.flatMap(each => condition(each));
  const firing = results.flatMap(each => ('notKnown' in each ? [] : each));
  const notKnown = [...new Set(results.flatMap(each => ('notKnown' in each ? each.notKnown : [])))];
  return {
    ...{ alert, severity: rule.severity, runbook: rule.runbook },
    state: firing.length > 0 ? 'firing' : notKnown.length > 0 ? 'not_known' : 'quiet',
    firing: firing.map(each => ({
      connection: each.labels.connection ?? '',
      summary: filledIn(rule.summary, each),
      description: filledIn(rule.description, each),
    })),
    notKnown,
  };
}

const durationText = (ms: number): string =>
  ms >= 2 * dayMs
    ? count(ms, dayMs, 'day')
    : ms >= hourMs
      ? count(ms, hourMs, 'hour')
      : count(ms, hourMs / 60, 'minute');

/** A text of an alert with its placeholders filled in, as Prometheus does. */
function filledIn(text: string, { labels, value }: Firing): string {
  return text.replace(/\{\{([^{}]*)\}\}/g, (_, inside: string) => {
    const [name = '', filter] = inside.split('|').map(part => part.trim());
    if (name.startsWith('$labels.')) return labels[name.slice('$labels.'.length)] ?? '';
    return filter === 'humanizeDuration' ? durationText(value * 1_000) : String(value);
  });
}
