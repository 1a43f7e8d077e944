/** The catalogue generation of a connection that names none. */
export const defaultGeneration = '2022-06';
