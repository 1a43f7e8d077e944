/** Properties of a profile by name. */
export type Properties = Readonly<Record<string, unknown>>;
