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
  /** What differs from the Currents event to the mapped one: its name or its value. */
  readonly isMapped: boolean;
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
      isMapped: to !== null && (from?.split('.').at(-1) !== to || !isSame(given, sent)),
      change: to === null || stored === undefined ? 'none' : changeOf(to, sent, kept),
    };
  });
  const sent = new Set(rules.map(({ to }) => to));
  const added = Object.entries(stored?.properties ?? {})
    .filter(([name]) => !sent.has(name))
    .map(
      ([name, value]): ComparedProperty => ({
        ...{ key: `added ${name}`, from: null, given: undefined, rules: [], to: name, mapped: undefined },
        ...{ stored: value, isMapped: false, change: 'added' },
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
