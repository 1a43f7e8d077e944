/**
 * Helpers of HTTP servers: protection without credentials against web pages, by detection of requests that a
 * page of another site sends through the user's browser; and bodies in UTF-8 with surrogate halves.
 *
 * @module
 */
export { type CallerHeaders, type Foreign, foreignCaller, isAddress, isLoopbackName } from './foreign.ts';
export { joinSurrogates } from './join-surrogates.ts';
