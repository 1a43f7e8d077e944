import { daysAhead } from '../clock/day-span.ts';
import { ApiError } from './api-error.ts';

/** @throws ApiError `request_invalid` for a span that begins after `today` */
export function refuseDaysAhead(from: string, today: string): void {
  const ahead = daysAhead(from, today);
  if (ahead !== undefined) throw new ApiError('request_invalid', ahead);
}
