import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The folder of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('../../../../../', import.meta.url));
/** The rules that the repository offers. */
export const alertsFile = `${root}deploy/alerts.yaml`;

interface Rule {
  readonly alert?: string;
  readonly annotations?: { readonly runbook?: string; readonly runbook_url?: string };
}
const { groups } = parse(readFileSync(alertsFile, 'utf8')) as { groups: { rules: Rule[] }[] };
/** The alerts of the rules. */
export const alerts = groups.flatMap(({ rules }) => rules).filter(({ alert }) => alert !== undefined);
