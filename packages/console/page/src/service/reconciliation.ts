/** Reports of the service's reconciliation. */
export interface Reconciliation {
  readonly id: number;
  readonly connection: string;
  readonly from: string;
  readonly to: string;
  /** Whether the schedule began it. */
  readonly isDaily: boolean;
  readonly state: 'running' | 'done' | 'failed' | 'interrupted';
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** A number, or why there is none. */
export type Column =
  | { readonly events: number }
  | { readonly notKnown: string }
  | { readonly notComparable: string };

export interface Row {
  readonly day: string;
  readonly event: string;
  readonly columns: Readonly<Record<string, Column>>;
  readonly steps: readonly {
    readonly difference: number;
    readonly causes: readonly {
      readonly cause: string;
      readonly reason?: string;
      readonly events: number;
    }[];
  }[];
  readonly unexplained: number;
}

export interface Report {
  readonly threshold: number;
  readonly events: number;
  readonly unexplained: number;
  readonly findings: readonly string[];
  /** Days that had not ended: none of their differences is a finding. */
  readonly openDays: readonly string[];
  readonly notKnown: readonly string[];
  readonly rows: readonly Row[];
}

export interface OpenedReconciliation extends Reconciliation {
  /** What it does; `null` unless it is running. */
  readonly progress: string | null;
  readonly problem: string | null;
  readonly report: Report | null;
  readonly causes: Readonly<Record<string, { readonly meaning: string; readonly advice?: string }>>;
}

/** The name of a row's event; an event without a type has none. */
export const eventText = ({ event }: Pick<Row, 'event'>): string =>
  event === '' ? '(no event type)' : event;

/** Whether a row has a difference, explained or not. */
export const differs = ({ steps, unexplained }: Row): boolean =>
  unexplained !== 0 || steps.some(({ difference }) => difference !== 0);

/** Events that a cause adds on some days, and takes away on others: a sum of both would hide them. */
export interface Sums {
  readonly more: number;
  readonly fewer: number;
}

/** Events of a cause over all rows, and of each of its reasons. */
interface CauseTotal {
  readonly cause: string;
  sums: Sums;
  readonly reasons: Map<string, Sums>;
}

const none: Sums = { more: 0, fewer: 0 };
const plus = ({ more, fewer }: Sums, events: number): Sums => ({
  more: more + Math.max(0, events),
  fewer: fewer + Math.max(0, -events),
});
const sizeOf = ({ sums: { more, fewer } }: CauseTotal): number => more + fewer;

/** The causes of all rows, that of the most events first. */
export function totalsOf(rows: readonly Row[]): readonly CauseTotal[] {
  const totals = new Map<string, CauseTotal>();
  for (const { cause, reason, events } of rows.flatMap(({ steps }) => steps.flatMap(step => step.causes))) {
    const total = totals.get(cause) ?? { cause, sums: none, reasons: new Map<string, Sums>() };
    total.sums = plus(total.sums, events);
    if (reason !== undefined) total.reasons.set(reason, plus(total.reasons.get(reason) ?? none, events));
    totals.set(cause, total);
  }
  return [...totals.values()].sort((a, b) => sizeOf(b) - sizeOf(a));
}
