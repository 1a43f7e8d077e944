/**
 * Helpers for the tests of this repository's simulators.
 *
 * @module
 */
export { callAll } from './call-all.ts';
export { runCurlLines, unreached } from './curl-lines.ts';
