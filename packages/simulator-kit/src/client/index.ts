/**
 * A typed client of the control API that every simulator has, for tests and programs in other processes.
 *
 * @module
 */
export type { ControlRoutes, Declaration, DeclarationsOf } from '../control/declaration.ts';
export type { SharedRoutes } from '../control/routes.ts';
export { type CallOptions, ControlCallError, call } from './call.ts';
export { type ControlClient, controlClient, type Duration } from './control.ts';
export type { AnswerOf, CallableIn, ControlRequest, RequestOf } from './request.ts';
