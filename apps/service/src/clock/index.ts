export { Activity } from './activity.ts';
export { type Clock, realClock } from './clock.ts';
export { followClock } from './follow-clock.ts';
