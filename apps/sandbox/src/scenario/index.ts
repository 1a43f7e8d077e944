export { type EventsOutcome, playEvents, problemsOfEvents } from './events.ts';
