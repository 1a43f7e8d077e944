export { type CohortCase, type CohortsOutcome, playCohorts, startCohorts } from './cohorts.ts';
export { type EventsOutcome, playEvents, problemsOfEvents } from './events.ts';
