/** The types of control routes, from which a client derives its calls. There is nothing of them at run time. */
import type * as z from 'zod';
import type { Route } from '../types.ts';

/** The types of one control route: the query and body of its request, and the body of its answer. */
export interface Declaration {
  readonly request: { readonly query?: unknown; readonly body?: unknown };
  /** `never`: a stream, which has no JSON. */
  readonly answer: unknown;
}

/** Control routes that keep their types, by method and path under `/_sim/`: `GET notes/:name`. */
export interface ControlRoutes<Declarations> extends Array<Route> {
  /** For types only; absent at run time. */
  readonly '~declarations'?: Declarations;
}

/** The types of the routes that a function creates, for `controlClient`. */
export type DeclarationsOf<Create extends (...parts: never[]) => unknown> =
  ReturnType<Create> extends ControlRoutes<infer Declarations> ? Declarations : never;

/** The types of several lists of routes, as one. */
export type Joined<Lists extends readonly ControlRoutes<unknown>[]> = Lists extends readonly [
  ControlRoutes<infer Declarations>,
  ...infer Others extends readonly ControlRoutes<unknown>[],
]
  ? Declarations & Joined<Others>
  : unknown;

/** A control route that keeps its types. */
export interface Declared<Request, Answer> {
  /** For types only; absent at run time. */
  readonly '~declaration'?: { readonly request: Request; readonly answer: Answer };
}

/** The types of a route in a table. A route without a description answers `unknown`. */
export type DeclarationIn<Route> = '~declaration' extends keyof Route
  ? NonNullable<Route['~declaration']>
  : { readonly request: QueryPart<Route> & BodyPart<Route>; readonly answer: unknown };

/** The body of an answer with 2XX. */
export type AnswerIn<Answers> = BodyOf<Answers[keyof Answers & (200 | 201)]>;

/** The query of a route, as part of a request. */
export type QueryPart<Given> = Given extends { readonly query: infer Query }
  ? { readonly query?: QueryOf<Query> }
  : object;

type QueryOf<Query> = Query extends z.ZodObject
  ? // The names that the schema reads, with the values that they become: a number for a text of digits.
    { readonly [Name in keyof z.input<Query>]: z.output<Query>[Name & keyof z.output<Query>] }
  : Query extends readonly (infer Name extends string)[]
    ? { readonly [Each in Name]?: string | number | boolean }
    : never;

/** The body of a route, as part of a request. */
export type BodyPart<Given> = Given extends {
  readonly body: { readonly schema: infer Schema extends z.ZodType };
}
  ? Given extends { readonly body: { readonly required: false } }
    ? { readonly body?: z.input<Schema> }
    : { readonly body: z.input<Schema> }
  : object;

type BodyOf<Body> = Body extends z.ZodType ? z.output<Body> : never;
