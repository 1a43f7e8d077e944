export { ControlCallError, call } from './call.ts';
export { type ControlClient, type Coverage, controlClient, type Duration } from './control.ts';
