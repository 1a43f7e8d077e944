/** The catalogue version of a connection whose settings name none. */
export const defaultCatalogueVersion = '2022-06';
