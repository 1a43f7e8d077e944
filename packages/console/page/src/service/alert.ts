import { inWords } from '../parts/format.ts';

/** An alert of `deploy/alerts.yaml` as the service evaluates it. */
export interface Alert {
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

/** The alerts that fire and need action. */
export const firingOf = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.filter(({ state, severity }) => state === 'firing' && severity !== 'info');

/** `BrazeMixpanelBacklogOld` becomes `Backlog old`. */
export const alertName = (alert: string): string =>
  inWords(alert.replace('BrazeMixpanel', '').replace(/(?!^)[A-Z]/g, letter => ` ${letter.toLowerCase()}`));
