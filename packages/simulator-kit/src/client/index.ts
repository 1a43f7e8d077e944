export { ControlCallError, call } from './call.ts';
export { type ControlClient, controlClient, type Duration } from './control.ts';
