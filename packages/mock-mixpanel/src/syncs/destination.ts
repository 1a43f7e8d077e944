import type { Answer } from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import type { Properties } from '../cohorts/cohort-store.ts';

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });

export const brazeDestinationSchema = z.strictObject({
  type: z.literal('braze'),
  /** The REST endpoint from Braze's Technology Partners page. */
  restEndpoint: httpUrl,
  dataImportKey: z.string().min(1),
  partnerApiKey: z.string().min(1).default('braze-partner-key'),
});

/** The destination of a cohort sync: Braze itself, or a webhook. */
export const destinationSchema = z.discriminatedUnion('type', [
  brazeDestinationSchema,
  z.strictObject({
    type: z.literal('webhook'),
    url: httpUrl,
    username: z.string().default(''),
    password: z.string().default(''),
  }),
]);

export type DestinationSettings = z.output<typeof destinationSchema>;

/**
 * Milliseconds between two runs of a dynamic sync, unless it names others. Braze: two hours, as Braze's page
 * says. A webhook: 30 minutes, as Mixpanel's page says.
 */
export const defaultInterval: Readonly<Record<DestinationSettings['type'], number>> = {
  braze: 7_200_000,
  webhook: 1_800_000,
};

/** One export of a cohort: the whole cohort, or the changes since the last successful one. */
export interface CohortExport {
  readonly cohort: {
    readonly id: number;
    readonly name: string;
    readonly description: string;
    readonly createdAt: number;
  };
  readonly projectId: string;
  readonly sessionId: string;
  readonly kind: 'full' | 'difference';
  /** Keys (see `Destination.keyOf`) to add: all of them in a full export. */
  readonly join: readonly string[];
  /** Keys that the destination may have and that must be removed. */
  readonly leave: readonly string[];
  readonly profileOf: (distinctId: string) => Properties | undefined;
}

export type SendOutcome =
  | { readonly kind: 'taken' }
  /** A temporary failure; the next run starts from the beginning. */
  | { readonly kind: 'failed'; readonly why: string; readonly status?: number }
  /** A permanent rejection: the sync is paused. */
  | { readonly kind: 'refused'; readonly why: string; readonly status?: number };

export interface Destination {
  /** The key of a member at the destination. */
  keyOf(distinctId: string, profile: Properties | undefined): string;
  /** The requests of an export, in order. */
  requestsOf(cohortExport: CohortExport): Iterable<OutgoingRequest>;
  /** The meaning of an answer. */
  judge(answer: Extract<Answer, { status: number }>): Verdict;
  /** Secrets to redact from every stored text. */
  readonly secrets: readonly string[];
}

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Verdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'retry' | 'failed' | 'refused'; readonly why: string; readonly status?: number };

const pausing: ReadonlySet<number> = new Set([400, 401, 403, 404]);

/**
 * The default meaning of a status: 5XX, 429 and 423 are retried, 400, 401, 403 and 404 pause the sync, any
 * other waits for the next run.
 */
export function judgeStatus(status: number, said: string): Verdict {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const why = `the destination answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status >= 500 || status === 429 || status === 423) return { kind: 'retry', why, status };
  return { kind: pausing.has(status) ? 'refused' : 'failed', why, status };
}
