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
