/** The parts of papaparse that are used. */
declare module 'papaparse' {
  /** Fields of a record; `null` is an empty one. */
  export type CsvRow = readonly (string | number | boolean | null)[];
  const Papa: {
    /** The CSV text (RFC 4180) of rows. */
    unparse(rows: readonly CsvRow[], options: { readonly newline: string }): string;
    /** The rows of a CSV text, for tests. */
    parse<Row>(csv: string, options: { readonly newline: string }): { readonly data: Row[] };
  };
  export default Papa;
}
