/** Figures of a minute or hour. */
export interface Point {
  readonly at: string;
  readonly accepted: number;
  readonly imported: number;
  readonly backlog: number;
  readonly deadLetters: number;
  readonly oldestSeconds: number;
  readonly acknowledgementP99Ms: number | null;
  readonly importP99Ms: number | null;
}
