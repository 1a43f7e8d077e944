/** The service's own clients of both vendors and its parsers of their answers, for the contract tests. */
export { CohortError } from './cohorts/cohort-error.ts';
export { partnerSink } from './cohorts/sinks/partner-sink.ts';
export type { SinkAnswer } from './cohorts/sinks/sink.ts';
export { trackSink } from './cohorts/sinks/track-sink.ts';
export { queryClient } from './cohorts/sources/query-client.ts';
export { importClient } from './events/delivery/import-client.ts';
export { mapRow } from './events/delivery/map-rows.ts';
export { EventJson } from './events/delivery/outbound-event.ts';
export { settleUnit } from './events/delivery/settle-unit.ts';
export { settlementOf } from './events/delivery/settlement.ts';
export { type Verdict, verdictOf } from './events/delivery/verdict.ts';
export { LexiconError } from './lexicon/lexicon-error.ts';
export { schemasClient } from './lexicon/schemas-client.ts';
