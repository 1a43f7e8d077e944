/**
 * The sender of cohort syncs to a webhook, for contract tests of its receivers.
 *
 * @module
 */
/** The sender of cohort syncs to a webhook, for contract tests of its receivers. */
export type { CohortExport } from './syncs/destination.ts';
export { createSend } from './syncs/send.ts';
export { webhookDestination } from './syncs/webhook-destination.ts';
