/**
 * A row of the database as a record of the ports: NULL becomes `undefined`. The caller vouches for the type.
 */
export const recordOf = <Result extends object>(row: object): Result =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined])) as Result;

/** Numbers of receipts, which a column has separated by spaces. */
export const receiptsOf = (column: string): string[] => column.split(' ').filter(number => number !== '');
