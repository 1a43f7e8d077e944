import {
  type CatalogueChange,
  type CatalogueVersion,
  catalogueDifference,
  catalogueDifferenceTable,
  catalogueVersions,
} from '@braze-mixpanel/core/currents';
import { billingOf } from '@braze-mixpanel/core/mixpanel';
import { Command, Option } from 'commander';
import { print } from './print.ts';
import { blocks, cut, fields, records, visible } from './terminal.ts';

/** `catalogue list` and `catalogue diff`: they need neither a configuration nor a running service. */
export function catalogueCommand(): Command {
  const catalogue = new Command('catalogue').description('show the event catalogue of Currents');
  catalogue
    .command('list')
    .description('list the versions, or the events of one of them')
    .argument('[version]', 'catalogue version, such as 2026-07')
    .action((id: string | undefined, _options: object, command: Command) => {
      if (id === undefined) print(versionsText());
      else print(eventsText(versionOf(id, command)));
    });
  catalogue
    .command('diff')
    .description('show which names and properties change from one version to another')
    .argument('<before>', 'catalogue version, such as 2022-06')
    .argument('<after>', 'catalogue version, such as 2026-07')
    .addOption(new Option('--json', 'as JSON').conflicts('markdown'))
    .option('--markdown', 'as a Markdown table')
    .action((from: string, to: string, options: { json?: true; markdown?: true }, command: Command) => {
      const [before, after] = [versionOf(from, command), versionOf(to, command)];
      if (options.markdown) print(catalogueDifferenceTable(before, after));
      else if (options.json) print(JSON.stringify(catalogueDifference(before, after), undefined, 2));
      else print(changesText(catalogueDifference(before, after)));
    });
  return catalogue;
}

function versionOf(id: string, command: Command): CatalogueVersion {
  const version = catalogueVersions.get(id);
  if (version !== undefined) return version;
  const known = [...catalogueVersions.keys()];
  return command.error(
    `There is no catalogue version ${JSON.stringify(cut(visible(id), 40))}; expected one of ${known.join(', ')}`,
  );
}

function versionsText(): string {
  const rows = [...catalogueVersions.values()].map(({ id, entries }) => [id, entries.length]);
  return records(['VERSION', 'EVENT TYPES'], rows);
}

function eventsText({ entries }: CatalogueVersion): string {
  const rows = entries.map(({ naming, name, eventType }) => [
    naming ? `${naming.prefix}…` : name,
    eventType,
    billingOf(name).kind === 'exempt' ? 'no' : 'yes',
  ]);
  return blocks(['EVENT IN MIXPANEL', 'EVENT TYPE', 'BILLED'], rows);
}

function changesText(changes: readonly CatalogueChange[]): string {
  if (changes.length === 0) return 'Nothing changes.';
  return changes.map(changeText).join('\n\n');
}

function changeText({ eventType, change, before, after, ...properties }: CatalogueChange): string {
  const { added, removed, renamed, retyped } = properties;
  const name = before === undefined || after === undefined || before === after ? undefined : before;
  // Without a title, since a long one would leave little room for the values.
  const lines = fields('', {
    eventType,
    ...(name !== undefined && { formerName: name }),
    ...(added.length > 0 && { added }),
    ...(removed.length > 0 && { removed }),
    ...(renamed.length > 0 && { renamed: renamed.map(each => `${each.before} to ${each.after}`) }),
    ...(retyped.length > 0 && {
      retyped: retyped.map(each => `${each.name} from ${each.before} to ${each.after}`),
    }),
  });
  return `${visible(after ?? before ?? eventType)}: ${change}${lines}`;
}
