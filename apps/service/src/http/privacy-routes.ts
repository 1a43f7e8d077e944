import type { BrazeUsers } from '@braze-mixpanel/storage';
import { StorageError } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { Trail } from '../audit/audit-logger.ts';
import { type CohortErrorCode, cohortErrors } from '../errors/cohort-errors.ts';
import { limitWords, newestFirst, newestFirstWords, pageLimit } from '../paging.ts';
import {
  deleteRequestsSchema,
  listDeleteRequests,
  requestPlaceSchema,
} from '../privacy/braze-users/delete-requests.ts';
import { withdrawDeletions } from '../privacy/deletions/request-deletions.ts';
import { cursorSchema } from '../privacy/delivered-events.ts';
import { type ForgetOptions, forgottenSchema } from '../privacy/forget.ts';
import { type ForgetWithReceiptOptions, forgetWithReceipt, noCall } from '../privacy/forget-with-receipt.ts';
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
import {
  deliveredPageSchema,
  mostTraced,
  type TraceOptions,
  trace,
  traceDelivered,
  traceSchema,
} from '../privacy/trace.ts';
import { ApiError } from './api-error.ts';
import { type ApiRoute, apiRoute, endpoint } from './api-route.ts';

export interface PrivacyRoutesOptions extends ForgetWithReceiptOptions, TraceOptions {
  readonly cohorts: ForgetOptions['cohorts'] & TraceOptions['cohorts'];
  readonly journal: ForgetOptions['journal'] & TraceOptions['journal'];
  readonly receipts: ForgetWithReceiptOptions['receipts'] & TraceOptions['receipts'];
  readonly deadLetters: ForgetOptions['deadLetters'] & TraceOptions['deadLetters'];
  readonly tombstones: ForgetWithReceiptOptions['tombstones'] & Pick<Tombstones, 'remove'>;
  readonly deleteRequests: Pick<BrazeUsers, 'requests' | 'related'>;
  readonly keepsDelivered: boolean;
  readonly audit: Trail;
  /** Called after each attempt to forget a user. */
  readonly onForgotten: () => void;
}

const externalId = z.string().min(1, { error: 'the ID is empty; expected an external ID of Braze' });
/** Maximum of delivered events of one page. */
const limit = z.int().min(1).max(mostTraced).default(mostTraced);

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
      digest: forgottenSchema.shape.digest,
      lifted: z.boolean().describe('Whether there was a tombstone.'),
      mixpanel: z
        .array(deletionSchema)
        .describe('Deletions in Mixpanel. One that waited is withdrawn; one that was accepted goes on.'),
    }),
    errors: ['removal_not_stored', 'lift_incomplete'],
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
    query: z.strictObject(newestFirst),
    expected: `Expected any of ${newestFirstWords}, each once.`,
    answer: receiptListSchema,
    errors: ['receipts_not_read'],
  }),
  requests: endpoint({
    method: 'get',
    path: '/api/forget/requests',
    summary:
      "Braze's requests to delete users (`users.UserDeleteRequest`), newest first; none without `KEEP_ID_MAP`.",
    query: z.strictObject({ before: requestPlaceSchema.optional(), limit: pageLimit }),
    expected: `Expected any of ${limitWords} and before (the \`next\` of the page before), each once.`,
    answer: deleteRequestsSchema,
    errors: ['receipts_not_read'],
  }),
  receiptByNumber: endpoint({
    method: 'get',
    path: '/api/forget/receipts/:id',
    summary: 'A receipt by its number, without the ID of the user.',
    answer: receiptSchema,
    errors: ['no_receipt', 'receipt_number_invalid', 'receipts_not_read'],
  }),
  trace: endpoint({
    method: 'post',
    path: '/api/trace',
    summary: "What happened to one user's events and cohort memberships; reads only.",
    bodyLimit: '1mb',
    body: z.strictObject({ externalId, limit }),
    expected: 'Expected a JSON object {"externalId":"…"}, and limit (1 to 200, default 200).',
    answer: traceSchema,
    errors: Object.keys(cohortErrors) as CohortErrorCode[],
  }),
  traceDelivered: endpoint({
    method: 'post',
    path: '/api/trace/delivered',
    summary:
      "Older delivered events of one user: the pages after the first, which is the trace's; reads only.",
    bodyLimit: '1mb',
    body: z.strictObject({ externalId, before: cursorSchema.optional(), limit }),
    expected:
      'Expected a JSON object {"externalId":"…"}, and any of before (the `older` of the page before) and limit (1 to 200, default 200).',
    answer: deliveredPageSchema,
  }),
};

/**
 * Requests about one user. The ID is in the body because proxies log addresses. The audit log has an entry
 * for each attempt to forget a user, with a salted digest of the ID, the number of the receipt.
 */
export function privacyRoutes(options: PrivacyRoutesOptions): ApiRoute[] {
  return [
    apiRoute(privacyEndpoints.forget, async ({ body: { externalId, vendors }, response }) => {
      const { done, receipt } = await forgetWithReceipt({ externalId, vendors }, options)
        .catch(notRemoved)
        .finally(options.onForgotten);
      await options.audit(response, 'forget', { ...done, vendors, receipt: receipt?.number });
      return { ...done, receipt, outOfReach: receipt?.outOfReach ?? outOfReach };
    }),
    apiRoute(privacyEndpoints.lift, async ({ body: { externalId }, response }) => {
      const { tombstones, audit } = options;
      const number = await beforeLift(externalId, options).catch(notRemoved);
      const lifted = await tombstones.remove(externalId).catch(notKnownRemoved);
      const done = { digest: number, lifted };
      await audit(response, 'forget.lift', { ...done, receipt: number });
      const mixpanel = await afterLift(number, options).catch(liftIncomplete(lifted));
      return { ...done, mixpanel };
    }),
    apiRoute(privacyEndpoints.receipt, async ({ body: { externalId } }) =>
      shownReceipt(await options.tombstones.receiptNumber(externalId).catch(notRead), options),
    ),
    apiRoute(privacyEndpoints.receipts, ({ query }) => listReceipts(query, options).catch(notRead)),
    apiRoute(privacyEndpoints.requests, ({ query }) =>
      listDeleteRequests(options.deleteRequests, options.tombstones, query).catch(notRead),
    ),
    apiRoute(privacyEndpoints.receiptByNumber, ({ id }) => shownReceipt(id, options)),
    apiRoute(privacyEndpoints.trace, ({ body }) => trace(body.externalId, options, body.limit)),
    apiRoute(privacyEndpoints.traceDelivered, ({ body: { externalId, ...page } }) =>
      traceDelivered(externalId, options, page),
    ),
  ];
}

/**
 * Adds the call to the receipt of a forgotten user, before the tombstone is removed: a lift that is interrupted, and
 * repeated when there is no tombstone any more, has an entry too. Resolves to the number of the receipt.
 */
async function beforeLift(externalId: string, options: PrivacyRoutesOptions): Promise<string> {
  const number = await options.tombstones.receiptNumber(externalId);
  if (await options.tombstones.isForgotten(number))
    await addToReceipt(number, { ...noCall, what: 'lift' }, options);
  return number;
}

/** Withdraws deletions that wait. Resolves to the deletions in Mixpanel. */
async function afterLift(number: string, options: PrivacyRoutesOptions): Promise<Receipt['mixpanel']> {
  await withdrawDeletions(number, options);
  return (await receiptOf(number, options))?.mixpanel ?? [];
}

const receiptNumber = /^[\da-f]{32}$/;

async function shownReceipt(number: string, options: ReceiptsOptions): Promise<Receipt> {
  // Not every storage accepts any text of an address.
  if (!receiptNumber.test(number)) throw new ApiError('receipt_number_invalid');
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

function notKnownRemoved(error: unknown): never {
  if (error instanceof StorageError)
    throw new ApiError('removal_not_stored', 'Whether the tombstone was removed is not known.');
  throw error;
}

const liftIncomplete =
  (lifted: boolean) =>
  (error: unknown): never => {
    if (!(error instanceof StorageError)) throw error;
    throw new ApiError(
      'lift_incomplete',
      lifted
        ? 'The tombstone was removed: later events of the user are delivered again.'
        : 'There was no tombstone.',
    );
  };
