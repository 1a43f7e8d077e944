/**
 * What sends a cohort sync to a webhook: for the contract that its receivers are held to.
 *
 * @module
 */
/** What sends a cohort sync to a webhook: for the contract that its receivers are held to. */
export type { CohortExport } from './syncs/destination.ts';
export { createSend } from './syncs/send.ts';
export { webhookDestination } from './syncs/webhook-destination.ts';
