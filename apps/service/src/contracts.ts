/** The service's own clients of both vendors, and what it makes of their answers: for the contracts these are held to. */
export { CohortError } from './cohorts/errors.ts';
export { partnerSink } from './cohorts/partner-sink.ts';
export { queryClient } from './cohorts/query-client.ts';
export type { SinkAnswer } from './cohorts/sink.ts';
export { trackSink } from './cohorts/track-sink.ts';
export { importClient } from './delivery/import-client.ts';
export { mapRow } from './delivery/map-rows.ts';
export { settleUnit } from './delivery/settle-unit.ts';
export { type Verdict, verdictOf } from './delivery/verdict.ts';
