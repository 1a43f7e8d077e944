/** One event as Braze sent it, as it is mapped and as Mixpanel stores it, property by property. */
import type { AppliedRule, MixpanelEvent } from './followed.ts';

export interface ComparedProperty {
  readonly key: string;
  readonly from: string | null;
  readonly given: unknown;
  readonly rules: readonly string[];
  readonly to: string | null;
  readonly mapped: unknown;
  /** `undefined` where it is not stored, or not known. */
  readonly stored: unknown;
  /** What the mapping did: both where it renames and changes one, neither where it sends one as it came. */
  readonly isRenamed: boolean;
  readonly isConverted: boolean;
  /** What Mixpanel did: it stores another value than was sent, or one that was not sent. */
  readonly change: 'none' | 'changed' | 'added' | 'missing';
}

export function comparedProperties(
  original: unknown,
  mapped: MixpanelEvent | null,
  rules: readonly AppliedRule[],
  stored: MixpanelEvent | undefined,
): readonly ComparedProperty[] {
  const valueIn = (event: MixpanelEvent | null | undefined, name: string | null) =>
    name === null ? undefined : name === 'event' ? event?.event : event?.properties[name];
  const rows = rules.map(({ rules: codes, from, to }, index): ComparedProperty => {
    const given = from === null ? undefined : valueAt(original, from);
    const sent = valueIn(mapped, to);
    const kept = valueIn(stored, to);
    return {
      ...{ key: `${index}`, from, given, rules: codes, to, mapped: sent, stored: kept },
      isRenamed: to !== null && from?.split('.').at(-1) !== to,
      isConverted: to !== null && !isSame(given, sent),
      change: to === null || stored === undefined ? 'none' : changeOf(to, sent, kept),
    };
  });
  const sent = new Set(rules.map(({ to }) => to));
  const added = Object.entries(stored?.properties ?? {})
    .filter(([name]) => !sent.has(name))
    .map(
      ([name, value]): ComparedProperty => ({
        ...{ key: `added ${name}`, from: null, given: undefined, rules: [], to: name, mapped: undefined },
        ...{ stored: value, isRenamed: false, isConverted: false, change: 'added' },
      }),
    );
  return [...rows, ...added];
}

function changeOf(name: string, sent: unknown, kept: unknown): ComparedProperty['change'] {
  if (kept === undefined) return 'missing';
  // Mixpanel may give the time in milliseconds.
  if (name === 'time' && typeof sent === 'number' && kept === sent * 1_000) return 'none';
  return isSame(sent, kept) ? 'none' : 'changed';
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The value at a path such as `properties.custom_properties.a.b`, in which the last name may have dots. */
function valueAt(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(fields, path)) return fields[path];
  const dot = path.indexOf('.');
  return dot === -1 ? undefined : valueAt(fields[path.slice(0, dot)], path.slice(dot + 1));
}

/** What became of a property on its way, in words. Each property has exactly one, so that their numbers add up. */
function fateOf({ from, mapped, isRenamed, isConverted, change }: ComparedProperty): string {
  if (change === 'added') return 'added by Mixpanel';
  if (mapped === undefined) return 'left out';
  if (from === null) return 'added by the service';
  if (isRenamed) return isConverted ? 'renamed with another value' : 'renamed';
  return isConverted ? 'with another value' : 'as Braze sent them';
}

const fates = [
  ...['as Braze sent them', 'renamed', 'with another value', 'renamed with another value'],
  ...['added by the service', 'left out', 'added by Mixpanel'],
];

interface Differences {
  /** Such as `3 renamed`: the numbers add up to that of the properties. */
  readonly each: readonly string[];
  /** What Mixpanel stores differently of those that the service sent; each is among the others, too. */
  readonly inMixpanel: readonly string[];
}

/** How many properties each stage changed, in words; those that are none are left out. */
export function differencesOf(all: readonly ComparedProperty[]): Differences {
  const numbered = (text: string, is: (of: ComparedProperty) => boolean) => {
    const number = all.filter(is).length;
    return number === 0 ? [] : [`${number} ${text}`];
  };
  return {
    each: fates.flatMap(fate => numbered(fate, each => fateOf(each) === fate)),
    inMixpanel: [
      ...numbered('changed', ({ change }) => change === 'changed'),
      ...numbered('not stored', ({ change }) => change === 'missing'),
    ],
  };
}
