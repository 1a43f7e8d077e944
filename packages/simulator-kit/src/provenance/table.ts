import type { Coverage } from './coverage.ts';

/** A choice of the simulator's own, where the vendor is silent. */
const unsettled = /^(undocumented|not documented)\b/;

/**
 * The coverage as Markdown, for the documentation: per route its rules with source and date, then what no document settles, and what is not
 * simulated. The documentation's only source of it.
 */
export function coverageTable({ routes, behaviours, notSimulated }: Coverage): string {
  const paths = Map.groupBy(routes, ({ id }) => id);
  const sections = [
    ...[...paths].map(([id, [first, ...more]]) => ({
      id,
      title: [first!, ...more].map(({ method, path }) => `\`${method} ${path}\``).join(', '),
      rules: first!.rules,
    })),
    ...behaviours.map(({ id, rules }) => ({ id, title: 'of its own accord', rules })),
  ];
  const settled = sections.map(({ id, title, rules }) => [
    `### \`${id}\`: ${title}`,
    table(rules.filter(({ source }) => !unsettled.test(source.from))),
  ]);
  const choices = sections.flatMap(({ id, rules }) =>
    rules
      .filter(({ source }) => unsettled.test(source.from))
      .map(({ rule }) => `| \`${id}\` | ${cell(rule)} |`),
  );
  return [
    '## Routes and rules',
    ...settled.flat(),
    '## What no document settles',
    ['| of | choice of the simulator |', '| --- | --- |', ...new Set(choices)].join('\n'),
    '## What is not simulated',
    notSimulated.map(line => `- ${line}`).join('\n'),
  ].join('\n\n');
}

function table(rules: Coverage['behaviours'][number]['rules']): string {
  if (rules.length === 0) return 'No document names a rule.';
  const dates = rules.some(({ lastTrue }) => lastTrue !== undefined);
  const rows = rules.map(({ rule, source, lastTrue }) =>
    [cell(rule), cell(source.from), source.seen, ...(dates ? [lastTrue ?? ''] : [])].join(' | '),
  );
  const header = ['rule', 'source', 'read', ...(dates ? ['last seen true'] : [])];
  return [header.join(' | '), header.map(() => '---').join(' | '), ...rows]
    .map(row => `| ${row} |`)
    .join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
