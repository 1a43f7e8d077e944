import { count } from '../parts/format.ts';

/** A Current as mock Braze reports it. */
export interface Current {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly endpoint?: string;
  readonly apiUrl?: string;
  readonly folder?: string;
  readonly events: 'all' | readonly string[];
  readonly generation: string;
  readonly state: string;
  readonly skipped: Readonly<Record<string, number>>;
  readonly missed: number;
  readonly sent: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly lastAnswer: {
    readonly at: string;
    readonly status?: number;
    readonly error?: string;
    readonly file?: string;
  } | null;
  readonly failingSince: string | null;
  readonly disabledReason: string | null;
  readonly queues: readonly {
    readonly eventType: string;
    readonly pending: number;
    readonly waiting: number;
    readonly held: number;
    readonly retryAt?: string;
  }[];
}

/** Events that a Mixpanel Export does not send, by reason; `undefined` for other kinds, which do not count these. */
export const notSentBy = ({ kind, skipped }: Pick<Current, 'kind' | 'skipped'>): string | undefined =>
  kind === 'mixpanel-export' ? reasonsOf(skipped) : undefined;

export const reasonsOf = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([reason, number]) => `${count(number)} ${reason}`)
    .join(', ') || 'none';

/** Whether its latest request was not accepted, that of a test event included. */
export const isFailing = ({ failingSince, lastAnswer }: Current): boolean =>
  failingSince !== null || lastAnswer?.error !== undefined || (lastAnswer?.status ?? 200) >= 300;

/** The other launched Currents that send events of the same types to the same address. */
export const twinsOf = (current: Current, all: readonly Current[]): readonly Current[] =>
  all.filter(
    each =>
      each.id !== current.id &&
      each.state === 'launched' &&
      !isFailing(each) &&
      each.endpoint === current.endpoint &&
      each.apiUrl === current.apiUrl &&
      each.folder === current.folder &&
      shareTypes(each.events, current.events),
  );

const shareTypes = (some: Current['events'], others: Current['events']): boolean =>
  some === 'all' || others === 'all' || some.some(type => others.includes(type));
