/**
 * Checks of input by a zod schema, with faults in plain English.
 *
 * @module
 */
export { type CheckedInput, checkInput, type InputFault } from './check-input.ts';
export { faultSentences } from './fault-sentences.ts';
export { unionOf } from './union-of.ts';
