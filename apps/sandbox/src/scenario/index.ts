export { type CohortCase, type CohortsOutcome, playCohorts } from './cohorts.ts';
export { type EventsOutcome, playEvents, problemsOfEvents } from './events.ts';
