/** The parts of papaparse that are used. */
declare module 'papaparse' {
  const Papa: {
    /** The CSV text (RFC 4180) of rows. */
    unparse(rows: readonly (readonly string[])[], options: { readonly newline: string }): string;
    /** The rows of a CSV text, for tests. */
    parse<Row>(csv: string, options: { readonly newline: string }): { readonly data: Row[] };
  };
  export default Papa;
}
