export type Filter =
  | { readonly type: 'mixpanel_cohort'; readonly operator: string; readonly cohort: string }
  | { readonly type: 'custom_attribute'; readonly name: string; readonly operator: string };

export interface Segment {
  readonly id: string;
  readonly name: string;
  readonly filter: Filter;
  /** Members now; `null` where several cohorts have the name in the filter. */
  readonly count: number | null;
}

/** A filter in the words of Braze's page. */
export function filterOf(filter: Filter): string {
  if (filter.type === 'custom_attribute') return `Custom attribute ${filter.name} is true`;
  return `Mixpanel_Cohorts ${filter.operator.replaceAll('_', ' ')} ${filter.cohort}`;
}
