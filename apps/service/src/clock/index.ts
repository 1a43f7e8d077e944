export { type EpochMs, epochMs, later, type MonotonicMs, monotonicMs } from '@braze-mixpanel/simulated-clock';
export { Activity } from './activity.ts';
export { type Clock, realClock, realMonotonic } from './clock.ts';
export { followClock } from './follow-clock.ts';
export { ScheduledJob, type ScheduledJobOptions } from './scheduled-job.ts';
