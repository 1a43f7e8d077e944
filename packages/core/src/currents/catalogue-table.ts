import { billingOf } from '../mixpanel/exempt-events.ts';
import type { CatalogueEntry, CatalogueProperty, CatalogueVersion } from './types.ts';

/**
 * Markdown table of a catalogue version, one row per event type, for the documentation.
 *
 * @example
 * ```ts
 * import { catalogue2022_06, catalogueTable } from '@braze-mixpanel/core/currents';
 *
 * console.log(catalogueTable(catalogue2022_06).split('\n').length); // 43
 * ```
 */
export function catalogueTable(catalogueVersion: CatalogueVersion): string {
  const rows = catalogueVersion.entries.map(entry => [
    nameOf(entry),
    `\`${entry.eventType}\``,
    entry.kind.replace('_', ' '),
    billedOf(entry),
    propertiesOf(entry),
  ]);
  const header = [
    'Event in Mixpanel',
    'Currents event type',
    'Kind',
    'Billed by Mixpanel',
    'Properties in Mixpanel',
  ];
  return [header, header.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

function nameOf(entry: CatalogueEntry): string {
  if (entry.naming) return `\`${entry.naming.prefix}\`*${entry.naming.wire}*`;
  if (entry.noMixpanelEvent) return `${entry.name} (only if selected by name)`;
  return entry.nameUnconfirmed ? `${entry.name} (name not confirmed by Braze)` : entry.name;
}

function billedOf({ name }: CatalogueEntry): string {
  const billing = billingOf(name);
  if (billing.kind === 'spelled_differently') return `yes; not as \`${billing.exemptAs}\``;
  return billing.kind === 'exempt' ? 'no' : 'yes';
}

function propertiesOf(entry: CatalogueEntry): string {
  const cells = entry.properties.map(propertyOf);
  if (entry.free) cells.push(`\`${entry.free.prefix}\`*key* for each key of \`${entry.free.wire}\``);
  return cells.join(', ');
}

function propertyOf({ wire, mixpanel, type, source }: CatalogueProperty): string {
  const path = source === 'user' ? `user.${wire}` : wire;
  const origin = path === mixpanel ? '' : `, from \`${path}\``;
  return `\`${mixpanel}\` (${type}${origin})`;
}
