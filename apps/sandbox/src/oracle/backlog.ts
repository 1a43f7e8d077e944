import { call } from '../control.ts';

/** Why events of the service wait: Mixpanel refuses every request, fails, or the configuration holds them. */
type Cause = 'refused' | 'failing' | 'held';

/** The events that the service has accepted, and those of them that wait. */
export interface Backlog {
  /** Events that are not delivered yet. Those that will be skipped are among them. */
  readonly pending: number;
  /** Events in the queues of Currents, which the service has not accepted yet. */
  readonly inBraze: number;
  /** Events skipped so far, as the service counts them: an event that was sent twice counts twice. */
  readonly skipped: number;
  /** What stops delivery; `null` where it works or nothing waits. */
  readonly stopped: {
    readonly cause: Cause;
    readonly since: string | null;
    readonly why: string | null;
  } | null;
}

/** The fields of the service's `/status` that the oracle uses. */
interface ServiceStatus {
  readonly connections: Readonly<
    Record<
      string,
      {
        readonly skipped: Readonly<Record<string, number>>;
        readonly pending: { readonly events: number };
        readonly delivery: {
          readonly state: string;
          readonly lastError?: {
            readonly message: string;
            readonly since: string;
            readonly resolvedAt: string | null;
          };
        } | null;
      }
    >
  >;
}

const causes: Readonly<Record<string, Cause>> = { parked: 'refused', retrying: 'failing', held: 'held' };

export const readStatus = (service: string): Promise<ServiceStatus> =>
  call<ServiceStatus>('GET', `${service}/status`);

/** The backlog of all connections, with the first cause that stops one of them. */
export function backlogOf({ connections }: ServiceStatus): Omit<Backlog, 'inBraze'> {
  const all = Object.values(connections);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const [stopped] = all.flatMap(({ pending, delivery }) => {
    const cause = causes[delivery?.state ?? ''];
    if (pending.events === 0 || cause === undefined) return [];
    const { lastError } = delivery ?? {};
    const error = cause === 'held' || lastError?.resolvedAt !== null ? undefined : lastError;
    return [{ cause, since: error?.since ?? null, why: error?.message ?? null }];
  });
  return {
    pending: sum(all.map(({ pending }) => pending.events)),
    skipped: sum(all.flatMap(({ skipped }) => Object.values(skipped))),
    stopped: stopped ?? null,
  };
}
