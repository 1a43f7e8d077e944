import type { Coverage } from './coverage.ts';

/** The source name of a rule that the simulator chose, since the vendor documents none. */
const unsettled = /^(undocumented|not documented)\b/;

/**
 * The coverage as Markdown, for the documentation: the rules of each route with source and date, then choices
 * that no document settles, then what is not simulated. The documentation is generated from it.
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
