/**
 * Dates on which a real Mixpanel was last seen to keep a rule; written by the conformance suite when it runs
 * against one.
 */
export const lastTrue: Readonly<Record<string, string>> = {};
