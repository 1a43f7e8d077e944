/**
 * Protection of HTTP servers without credentials against web pages: detection of requests that a page of
 * another site sends through the user's browser.
 *
 * @module
 */
export { type CallerHeaders, type Foreign, foreignCaller, isAddress, isLoopbackName } from './foreign.ts';
