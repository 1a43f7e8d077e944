/** Whether a JSON value is an object, and no list. */
export const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);
