import type { Fault } from './gather.ts';

/** A fault, or a warning, as a sentence that begins with its setting. */
export const faultText = ({ setting, message }: Fault): string => `${setting} ${message}`;
