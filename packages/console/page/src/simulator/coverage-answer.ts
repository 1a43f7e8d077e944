/** The parts of `/_sim/coverage` that the page shows. */
export interface Rule {
  readonly rule: string;
  readonly source: { readonly from: string; readonly seen: string };
  readonly status: string;
  readonly lastTrue?: string;
}

export interface CoverageAnswer {
  readonly notice: string;
  readonly statuses: Readonly<Record<string, number>>;
  readonly routes: readonly {
    readonly id: string;
    readonly endpoints: readonly string[];
    readonly hits: number;
    readonly hitsByEndpoint: Readonly<Record<string, number>>;
    readonly rules: readonly Rule[];
  }[];
  readonly behaviours: readonly { readonly id: string; readonly rules: readonly Rule[] }[];
  readonly notSimulated: readonly string[];
  readonly faults: readonly { readonly kind: string; readonly handled: string; readonly client: string }[];
}
