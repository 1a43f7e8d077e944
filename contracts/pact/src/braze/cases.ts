import type { HttpContract } from '../contract.ts';
import { cohortCases } from './cohort-cases.ts';
import { readBackCases } from './read-back-cases.ts';
import { trackCases } from './track-cases.ts';

export const brazeContract: HttpContract = {
  kind: 'http',
  consumer: 'service',
  provider: 'braze',
  cases: [...cohortCases, ...trackCases, ...readBackCases],
};
