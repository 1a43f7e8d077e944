/**
 * Dates on which a real Braze was last seen to keep a rule; written by the conformance suite when it runs
 * against one.
 */
export const lastTrue: Readonly<Record<string, string>> = {};
