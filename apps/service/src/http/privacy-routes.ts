import { setTimeout as pause } from 'node:timers/promises';
import { StorageError } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';
import {
  type RequestDeletionsOptions,
  requestDeletions,
  withdrawDeletions,
} from '../privacy/deletions/request-deletions.ts';
import { digestOf, type ForgetOptions, type Forgotten, forget, forgottenSchema } from '../privacy/forget.ts';
import { outOfReach } from '../privacy/out-of-reach.ts';
import {
  addToReceipt,
  deletionSchema,
  listReceipts,
  type Receipt,
  type ReceiptsOptions,
  receiptListSchema,
  receiptOf,
  receiptSchema,
} from '../privacy/receipts.ts';
import type { Tombstones } from '../privacy/tombstones.ts';
import { type TraceOptions, trace, traceSchema } from '../privacy/trace.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';
import { pageLimit, whole } from './query.ts';

export interface PrivacyRoutesOptions extends ForgetOptions, TraceOptions {
  readonly cohorts: ForgetOptions['cohorts'] & TraceOptions['cohorts'];
  readonly journal: ForgetOptions['journal'] & TraceOptions['journal'];
  readonly deadLetters: ForgetOptions['deadLetters'] & TraceOptions['deadLetters'];
  readonly tombstones: Pick<Tombstones, 'add' | 'remove' | 'receiptNumber' | 'isForgotten'>;
  readonly receipts: ReceiptsOptions['receipts'] & RequestDeletionsOptions['receipts'];
  readonly connections: RequestDeletionsOptions['connections'];
  /** Has the leading replica look for what is due; resolves once the first of it was answered, where that is this one. */
  readonly wakeDeletions: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly audit: Trail;
}

const externalId = z.string().min(1, { error: 'the ID is empty; expected an external ID of Braze' });

export const privacyEndpoints = {
  forget: endpoint({
    method: 'post',
    path: '/api/forget',
    summary:
      'Removes one user from everything stored here; returns what was removed, what remains, and what must be removed elsewhere.',
    bodyLimit: '1mb',
    body: z.strictObject({ externalId, confirm: z.literal(true), vendors: z.boolean().default(false) }),
    expected:
      'Expected a JSON object {"externalId":"…","confirm":true}, with "vendors":true to ask Mixpanel too: the removal is permanent.',
    answer: forgottenSchema.extend({
      outOfReach: receiptSchema.shape.outOfReach,
      receipt: receiptSchema.nullable().describe('`null` if it could not be stored.'),
    }),
    errors: ['removal_not_stored'],
  }),
  lift: endpoint({
    method: 'post',
    path: '/api/forget/lift',
    summary: 'Removes the tombstone of a forgotten user who comes back: later events are delivered again.',
    bodyLimit: '1mb',
    body: z.strictObject({ externalId }),
    expected: 'Expected a JSON object {"externalId":"…"}.',
    answer: z.object({
      digest: z.string().describe('SHA-256 of the external ID, in hex, as in the audit log.'),
      lifted: z.boolean().describe('Whether there was a tombstone.'),
      mixpanel: z
        .array(deletionSchema)
        .describe('Deletions in Mixpanel. One that waited is withdrawn; one that was accepted goes on.'),
    }),
    errors: ['removal_not_stored'],
  }),
  receipt: endpoint({
    method: 'post',
    path: '/api/forget/receipt',
    summary: 'The receipt of a forgotten user, by the ID; reads only.',
    bodyLimit: '1mb',
    body: z.strictObject({ externalId }),
    expected: 'Expected a JSON object {"externalId":"…"}.',
    answer: receiptSchema,
    errors: ['no_receipt', 'receipts_not_read'],
  }),
  receipts: endpoint({
    method: 'get',
    path: '/api/forget/receipts',
    summary: 'Calls of `forget` and `forget --lift` with the numbers of their receipts, newest first.',
    query: z.object({ before: whole.optional(), limit: pageLimit }),
    expected: 'Expected limit, from 1 to 1000, and before, both optional and once.',
    answer: receiptListSchema,
    errors: ['receipts_not_read'],
  }),
  receiptByNumber: endpoint({
    method: 'get',
    path: '/api/forget/receipts/:id',
    summary: 'A receipt by its number, without the ID of the user.',
    answer: receiptSchema,
    errors: ['no_receipt', 'receipts_not_read'],
  }),
  trace: endpoint({
    method: 'post',
    path: '/api/trace',
    summary: "What happened to one user's events and cohort memberships; reads only.",
    bodyLimit: '1mb',
    body: z.strictObject({ externalId }),
    expected: 'Expected a JSON object {"externalId":"…"}.',
    answer: traceSchema,
    errors: Object.keys(cohortErrors) as CohortErrorCode[],
  }),
};

/**
 * Requests about one user. The ID is in the body because proxies log addresses. The audit log has an entry
 * for each attempt to forget a user, with a digest of the ID.
 */
export function privacyRoutes(options: PrivacyRoutesOptions): ApiRoute[] {
  return [
    apiRoute(privacyEndpoints.forget, async ({ body: { externalId, vendors }, response }) => {
      const done = await forget(externalId, options).catch(notRemoved);
      const { receipt, ...failed } = await withReceipt(externalId, vendors, done, options);
      await options.audit(response, 'forget', { ...done, ...failed, vendors, receipt: receipt?.number });
      return { ...done, ...failed, receipt, outOfReach: receipt?.outOfReach ?? outOfReach };
    }),
    apiRoute(privacyEndpoints.lift, async ({ body: { externalId }, response }) => {
      const { tombstones, audit } = options;
      const lifted = await tombstones.remove(externalId).catch(notRemoved);
      const number = await tombstones.receiptNumber(externalId).catch(notRemoved);
      await withdrawDeletions(number, options).catch(notRemoved);
      if (lifted) await addToReceipt(number, { ...noEntry, what: 'lift' }, options).catch(notRemoved);
      const { mixpanel = [] } = (await receiptOf(number, options).catch(notRemoved)) ?? {};
      const done = { digest: digestOf(externalId), lifted };
      await audit(response, 'forget.lift', { ...done, receipt: number });
      return { ...done, mixpanel };
    }),
    apiRoute(privacyEndpoints.receipt, async ({ body: { externalId } }) =>
      shownReceipt(await options.tombstones.receiptNumber(externalId).catch(notRead), options),
    ),
    apiRoute(privacyEndpoints.receipts, ({ query }) => listReceipts(query, options).catch(notRead)),
    apiRoute(privacyEndpoints.receiptByNumber, ({ id }) => shownReceipt(id, options)),
    apiRoute(privacyEndpoints.trace, ({ body }) => trace(body.externalId, options)),
  ];
}

const noEntry = { vendors: false, notAsked: [], keptDelivered: false, removed: null };

/** Time for which a call waits for Mixpanel's first answer. */
const firstAnswerMs = 15_000;

/**
 * Asks for the deletions in Mixpanel, and stores the receipt. What fails is named in `failed`, beside what the removal
 * could not do.
 */
async function withReceipt(
  externalId: string,
  vendors: boolean,
  removed: Forgotten,
  options: PrivacyRoutesOptions,
): Promise<Pick<Forgotten, 'failed' | 'complete'> & { readonly receipt: Receipt | null }> {
  const { tombstones, onFailure, keepsDelivered, wakeDeletions } = options;
  const failed = [...removed.failed];
  const complete = () => removed.complete && failed.length === 0;
  const attempt = async <Result>(part: string, work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (cause) {
      onFailure(part, cause);
      failed.push(part);
      return undefined;
    }
  };
  const number = await attempt('receipt', () => tombstones.receiptNumber(externalId));
  if (number === undefined) return { failed, complete: false, receipt: null };
  const notAsked = vendors
    ? await attempt('request to Mixpanel', () => requestDeletions({ externalId, number }, options))
    : [];
  const entry = {
    what: 'forget',
    vendors: vendors && notAsked !== undefined,
    keptDelivered: keepsDelivered,
  } as const;
  const receipt = await attempt('receipt', async () => {
    await addToReceipt(
      number,
      { ...entry, notAsked: notAsked ?? [], removed: { ...removed, failed, complete: complete() } },
      options,
    );
    if (vendors) await Promise.race([wakeDeletions(), pause(firstAnswerMs, undefined, { ref: false })]);
    return receiptOf(number, options);
  });
  return { failed, complete: complete(), receipt: receipt ?? null };
}

async function shownReceipt(number: string, options: ReceiptsOptions): Promise<Receipt> {
  const receipt = await receiptOf(number, options).catch(notRead);
  if (receipt === undefined) throw new ApiError('no_receipt');
  return receipt;
}

function notRead(error: unknown): never {
  if (error instanceof StorageError) throw new ApiError('receipts_not_read');
  throw error;
}

function notRemoved(error: unknown): never {
  if (error instanceof StorageError) throw new ApiError('removal_not_stored', 'Nothing was removed.');
  throw error;
}
