import type { CatalogueEntry, CatalogueProperty, CatalogueVersion } from './types.ts';

/** What changes for one event type between two catalogue versions. */
export interface CatalogueChange {
  readonly eventType: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Name in Mixpanel before; absent if the event type is added. */
  readonly before?: string;
  /** Name in Mixpanel after; absent if the event type is removed. */
  readonly after?: string;
  /** Whether the name after is one that Braze does not document. */
  readonly nameUnconfirmed: boolean;
  /** Mixpanel names of properties that only the version after has. */
  readonly added: readonly string[];
  /** Mixpanel names of properties that only the version before has. */
  readonly removed: readonly string[];
  readonly renamed: readonly { readonly before: string; readonly after: string }[];
  readonly retyped: readonly { readonly name: string; readonly before: string; readonly after: string }[];
}

/**
 * Changes of event names and properties in Mixpanel from one catalogue version to another, by event type in
 * the order of the version after; event types without a change are left out. A property is renamed if the
 * same field of the Currents event has another name in Mixpanel.
 *
 * @example
 * ```ts
 * import { catalogue2022_06, catalogue2026_07, catalogueDifference } from '@braze-mixpanel/core/currents';
 *
 * const changes = catalogueDifference(catalogue2022_06, catalogue2026_07);
 * const purchase = changes.find(({ after }) => after === 'Purchase');
 * console.log(purchase?.renamed[0]); // { before: 'productId', after: 'product_id' }
 * ```
 */
export function catalogueDifference(before: CatalogueVersion, after: CatalogueVersion): CatalogueChange[] {
  const types = [...after.entries, ...before.entries.filter(({ eventType }) => !after.byType.has(eventType))];
  return types
    .map(({ eventType }) => changeOf(eventType, before.byType.get(eventType), after.byType.get(eventType)))
    .filter(change => change !== undefined);
}

function changeOf(
  eventType: string,
  before: CatalogueEntry | undefined,
  after: CatalogueEntry | undefined,
): CatalogueChange | undefined {
  const olds = byField(before);
  const news = byField(after);
  const both = [...olds].flatMap(([field, old]) => {
    const own = news.get(field);
    return own === undefined ? [] : [{ old, own }];
  });
  const change: CatalogueChange = {
    eventType,
    change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    ...(before && { before: before.name }),
    ...(after && { after: after.name }),
    nameUnconfirmed: after?.nameUnconfirmed === true,
    added: [...news].filter(([field]) => !olds.has(field)).map(([, { mixpanel }]) => mixpanel),
    removed: [...olds].filter(([field]) => !news.has(field)).map(([, { mixpanel }]) => mixpanel),
    renamed: both
      .filter(({ old, own }) => old.mixpanel !== own.mixpanel)
      .map(({ old, own }) => ({ before: old.mixpanel, after: own.mixpanel })),
    retyped: both
      .filter(({ old, own }) => old.type !== own.type)
      .map(({ old, own }) => ({ name: own.mixpanel, before: old.type, after: own.type })),
  };
  const lists = [change.added, change.removed, change.renamed, change.retyped];
  const isSame = change.change === 'changed' && change.before === change.after;
  return isSame && lists.every(list => list.length === 0) ? undefined : change;
}

const byField = (entry: CatalogueEntry | undefined): Map<string, CatalogueProperty> =>
  new Map(
    entry?.properties.map(property => [`${property.source ?? 'properties'}.${property.wire}`, property]),
  );

/**
 * Markdown table of {@link catalogueDifference}, one row per event type.
 *
 * @example
 * ```ts
 * import { catalogue2022_06, catalogueDifferenceTable } from '@braze-mixpanel/core/currents';
 *
 * console.log(catalogueDifferenceTable(catalogue2022_06, catalogue2022_06).split('\n').length); // 2
 * ```
 */
export function catalogueDifferenceTable(before: CatalogueVersion, after: CatalogueVersion): string {
  const header = [`Event in ${before.id}`, `Event in ${after.id}`, 'Added', 'Removed', 'Renamed or retyped'];
  const rows = catalogueDifference(before, after).map(change => [
    change.before ?? '',
    change.nameUnconfirmed ? `${change.after} (name not confirmed by Braze)` : (change.after ?? ''),
    change.added.map(code).join(', '),
    change.removed.map(code).join(', '),
    [
      ...change.renamed.map(each => `${code(each.before)} → ${code(each.after)}`),
      ...change.retyped.map(each => `${code(each.name)}: ${each.before} → ${each.after}`),
    ].join(', '),
  ]);
  return [header, header.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

const code = (name: string) => `\`${name}\``;
