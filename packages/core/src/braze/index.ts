/**
 * Braze's REST API: the partner cohort import, `/users/track` and `/users/export/ids`. Request and response
 * schemas, limits, the packing of changes into requests, and the reading of responses. Pure functions, zod
 * schemas and constants.
 *
 * @module
 */
export { type BodyProof, brazeAnswer, proofOfImport, proofOfTrack } from './answers.ts';
export * from './cohort-import.ts';
export * from './hosts.ts';
export * from './limits.ts';
export * from './pack-changes.ts';
export { type ReadBack, readBackOf, readBackRequest } from './read-back.ts';
export * from './users-track.ts';
