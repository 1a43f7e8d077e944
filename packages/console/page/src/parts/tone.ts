/** The kind of a state: what its colour and icon say. */
export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'plain';
