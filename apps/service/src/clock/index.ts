export { Activity } from './activity.ts';
export { type Clock, realClock } from './clock.ts';
export { type FollowedClock, followClock } from './follow-clock.ts';
