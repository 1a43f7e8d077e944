/** The arrays of `/users/track`. */
export const inputArrays = ['attributes', 'events', 'purchases'] as const;
export type InputArray = (typeof inputArrays)[number];
