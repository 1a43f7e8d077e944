export { type BodyProof, brazeAnswer, proofOfImport, proofOfTrack } from './answers.ts';
export * from './cohort-import.ts';
export * from './limits.ts';
export * from './pack-changes.ts';
export { type ReadBack, readBackOf, readBackRequest } from './read-back.ts';
export * from './users-track.ts';
