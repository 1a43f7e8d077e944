/**
 * Entries for Mixpanel's Lexicon from the event catalogue, and what an upload writes without replacing the words
 * of others. Pure functions.
 *
 * @module
 */
export { lexiconEntries } from './lexicon-entries.ts';
export { type LexiconPlan, lexiconPlan } from './lexicon-plan.ts';
