import type { Coverage } from './coverage.ts';

/**
 * The coverage as Markdown, for the documentation: the rules of each route with status, source and date, then choices
 * that no document settles, then what is not simulated.
 */
export function coverageTable({ routes, behaviours, notSimulated }: Coverage): string {
  const sections = [
    ...routes.map(({ id, endpoints, rules }) => ({
      ...{ id, rules },
      title: endpoints.map(endpoint => `\`${endpoint}\``).join(', '),
    })),
    ...behaviours.map(({ id, rules }) => ({ id, title: 'without a request', rules })),
  ];
  const settled = sections.map(({ id, title, rules }) => [
    `### \`${id}\`: ${title}`,
    table(rules.filter(({ status }) => status !== 'chosen')),
  ]);
  const choices = sections.flatMap(({ id, rules }) =>
    rules.filter(({ status }) => status === 'chosen').map(({ rule }) => `| \`${id}\` | ${cell(rule)} |`),
  );
  return [
    '## Routes and rules',
    ...settled.flat(),
    '## What no document settles',
    ['| of | choice of the simulator |', '| --- | --- |', ...choices].join('\n'),
    '## What is not simulated',
    notSimulated.map(line => `- ${line}`).join('\n'),
  ].join('\n\n');
}

function table(rules: Coverage['behaviours'][number]['rules']): string {
  if (rules.length === 0) return 'No document names a rule.';
  const rows = rules.map(({ rule, status, lastTrue, source, contradictedBy }) =>
    [
      cell(rule),
      lastTrue === undefined ? status : `${status} on ${lastTrue}`,
      cell(contradictedBy ? `${source.from} (followed); ${contradictedBy.from} differs` : source.from),
      source.seen,
    ].join(' | '),
  );
  const header = ['rule', 'status', 'source', 'read'];
  return [header.join(' | '), header.map(() => '---').join(' | '), ...rows]
    .map(row => `| ${row} |`)
    .join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
