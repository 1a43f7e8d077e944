import type { Tour } from './use-tour.ts';

export interface StepProps {
  readonly tour: Tour;
}
