/**
 * A typed client of the control API that every simulator has, for tests and programs in other processes.
 *
 * @module
 */
export { ControlCallError, call } from './call.ts';
export { type ControlClient, controlClient, type Duration } from './control.ts';
