import { readFile, writeFile } from 'node:fs/promises';
import type { Coverage } from '@braze-mixpanel/simulator-kit';
import { ruleKey } from '@braze-mixpanel/simulator-kit';

/**
 * Rewrites a simulator's `last-true.ts`: today for the confirmed rules, and unchanged dates for the others.
 */
export async function recordLastTrue(
  file: URL,
  coverage: Coverage,
  seen: readonly string[],
  day: string,
): Promise<void> {
  const days = new Map<string, string>();
  for (const { id, rules } of coverage.routes)
    for (const { rule, lastTrue } of rules) if (lastTrue !== undefined) days.set(ruleKey(id, rule), lastTrue);
  for (const rule of seen) days.set(rule, day);
  const text = await readFile(file, 'utf8');
  const lines = [...days]
    .sort()
    .map(([rule, last]) => `  ${JSON.stringify(rule)}: ${JSON.stringify(last)},\n`);
  await writeFile(file, `${text.slice(0, text.indexOf(' = {'))} = {\n${lines.join('')}};\n`);
}
