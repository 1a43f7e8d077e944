/**
 * The framework of the simulators: a table of routes becomes a server, msw handlers or a direct call, with a
 * controllable clock, faults, a request journal, rate limits and a control API under `/_sim`.
 *
 * @module
 */
export type {
  ClockReading,
  FollowerAnswer,
  FollowerPost,
  FollowerReading,
  FollowOptions,
  Job,
} from '@braze-mixpanel/simulated-clock';
export { type Respond, respond } from './answer.ts';
export type { ClockCommand, ControlledClock } from './clock/controlled-clock.ts';
export { durationOf, durationSchema } from './clock/duration.ts';
export { followClock } from './clock/follow-clock.ts';
export { type ClockOptions, createClock } from './clock/leader.ts';
export {
  type CommandSettings,
  portOf,
  type RunningSimulator,
  runSimulatorCommand,
  type SimulatorCommand,
  type TextOption,
} from './command.ts';
export { jsonItems, jsonList, jsonText, missing, withItem } from './control/answers.ts';
export {
  type ControlHandler,
  type ControlRoute,
  controlRoutes,
  documented,
  joinRoutes,
} from './control/control-route.ts';
export type { ControlRoutes, Declaration, DeclarationsOf, Declared } from './control/declaration.ts';
export { ControlInputError, checkControlInput, readControlInput } from './control/input.ts';
export { listOf } from './control/list-of.ts';
export type { StatePort } from './control/routes.ts';
export { deletedSchema, errorSchema } from './control/schemas.ts';
export { changeSettings, settingsRoutes } from './control/settings-routes.ts';
export { withBody, withOptionalBody, withQuery } from './control/with-input.ts';
export { BodyTooLarge, type IncomingRequest, type VendorAnswers } from './dispatch/incoming-request.ts';
export type { Fault, FaultInput } from './faults/fault.ts';
export type { ActiveFault, FaultPlan } from './faults/plan.ts';
export { isDeeper } from './is-deeper.ts';
export { isRecord } from './is-record.ts';
export type { JournalEntry, JournalFilter, RequestJournal, RequestVerdict } from './journal/journal.ts';
export type { RequestPattern } from './journal/pattern.ts';
export type { Verification } from './journal/verify.ts';
export { parseJson } from './parse-json.ts';
export { type Answer, type OutgoingRequest, post } from './post.ts';
export { type Coverage, ruleKey } from './provenance/coverage.ts';
export { type RulesOfSource, rulesBySource } from './provenance/rules-by-source.ts';
export type { RuleStatus } from './provenance/status.ts';
export { coverageTable } from './provenance/table.ts';
export { createRandom } from './random.ts';
export { ConcurrencyLimit } from './rate-limits/concurrency-limit.ts';
export { RateLimits, type RateRule, type RateVerdict } from './rate-limits/rate-limits.ts';
export { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';
export { withoutTrailingSlashes } from './slashes.ts';
export { type StartSimulatorOptions, startSimulator } from './start-simulator.ts';
export { streamOfText } from './stream-of-text.ts';
export type { TlsOptions } from './tls/server-certificate.ts';
export { type Listening, type ListenOptions, listen } from './transport/listen.ts';
export { createRequestListener, type HttpOptions } from './transport/request-listener.ts';
export type { Behaviour, Route, Rule, SimAnswer, SimRequest, SimulationClock, Source } from './types.ts';
