import type { AnswerBody } from '@braze-mixpanel/core/open-api';
import * as z from 'zod';
import type { Route, SimAnswer, SimRequest } from '../types.ts';
import type {
  AnswerIn,
  BodyPart,
  ControlRoutes,
  DeclarationIn,
  Declared,
  Joined,
  QueryPart,
} from './declaration.ts';
import { ControlInputError, readControlInput } from './input.ts';
import { errorSchema } from './schemas.ts';

/** The handler of a control request. */
export type ControlHandler = (request: SimRequest) => SimAnswer | Promise<SimAnswer>;

/** A route of the control API. */
export interface ControlRoute {
  readonly handle: ControlHandler;
  /**
   * Allowed query parameters; none by default. An unknown parameter is answered with 400, since ignoring a
   * misspelled filter would give a wrong result that looks right.
   */
  readonly query?: readonly string[] | z.ZodObject;
  /** Schema of the JSON body. */
  readonly body?: { readonly schema: z.ZodType; readonly example?: unknown; readonly required?: boolean };
  /** Summary in one sentence, for `/_sim/openapi.json`. */
  readonly summary?: string;
  /**
   * Schemas of the answers' bodies by status. 400, and 404 of a path with parameters, are added
   * automatically.
   */
  readonly answers?: Readonly<Record<number, AnswerBody>>;
}

/**
 * A control route with its description for `/_sim/openapi.json`.
 *
 * @param summary summary in one sentence.
 * @param answers schemas of the bodies by status; 400, and 404 of a path with parameters, are added
 * automatically.
 * @example
 * ```ts
 * import { controlRoutes, documented, respond } from '@braze-mixpanel/simulator-kit';
 * import * as z from 'zod';
 *
 * const routes = controlRoutes({
 *   'GET notes': documented('All notes.', { 200: z.array(z.string()) }, () => respond(200, ['milk'])),
 * });
 * console.log(routes[0]?.operation?.summary); // All notes.
 * ```
 */
export function documented<
  Answers extends Readonly<Record<number, AnswerBody>>,
  const Given extends ControlRoute | ControlHandler,
>(
  summary: string,
  answers: Answers,
  route: Given,
): ControlRoute & Declared<QueryPart<Given> & BodyPart<Given>, AnswerIn<Answers>> {
  const given: ControlRoute = typeof route === 'function' ? { handle: route } : route;
  return { ...given, summary, answers };
}

/**
 * Routes of a control API by method and path under `/_sim/`. Faults don't apply to them, and the journal
 * omits them.
 *
 * @example
 * ```ts
 * import { controlRoutes, respond } from '@braze-mixpanel/simulator-kit';
 *
 * const notes = new Map([['shopping', 'milk']]);
 * const routes = controlRoutes({
 *   'GET notes': () => respond(200, [...notes.keys()]),
 *   'GET notes/:name': ({ params: { name = '' } }) => respond(200, notes.get(name)),
 * });
 * console.log(routes.map(({ path }) => path).join(' ')); // /_sim/notes /_sim/notes/:name
 * ```
 */
export function controlRoutes<
  const Table extends Readonly<Record<`${Route['method']} ${string}`, ControlRoute | ControlHandler>>,
>(routes: Table): ControlRoutes<{ readonly [Name in keyof Table]: DeclarationIn<Table[Name]> }> {
  return Object.entries(routes).map(([name, route]) => {
    const [method, path] = name.split(' ') as [Route['method'], string];
    const {
      handle,
      query = [],
      ...operation
    }: ControlRoute = typeof route === 'function' ? { handle: route } : route;
    const names = isNames(query) ? query : Object.keys(query.shape);
    return {
      id: `sim.${method.toLowerCase()} ${path}`,
      method,
      path: `/_sim/${path}`,
      rules: [],
      operation: {
        method,
        path: `/_sim/${path}`,
        summary: operation.summary ?? name,
        query: isNames(query) ? z.strictObject(Object.fromEntries(query.map(each => [each, text]))) : query,
        body: operation.body,
        answers: { ...refusals(path), ...(operation.answers ?? { 200: z.unknown() }) },
      },
      handle: request => {
        requireKnown(request, names);
        if (operation.body === undefined && request.body.length > 0) readControlInput(request, noFields, {});
        return handle(request);
      },
    };
  });
}

/** Several lists of control routes as one that keeps the types of all. */
export function joinRoutes<Lists extends readonly ControlRoutes<unknown>[]>(
  ...lists: Lists
): ControlRoutes<Joined<Lists>> {
  return lists.flat();
}

const text = z.string().optional();

/** The body of a route without one, from clients that always send an object. */
const noFields = z.strictObject({});

function refusals(path: string): Record<number, AnswerBody> {
  return path.includes(':') ? { 400: errorSchema, 404: errorSchema } : { 400: errorSchema };
}

function isNames(query: readonly string[] | z.ZodObject): query is readonly string[] {
  return Array.isArray(query);
}

function requireKnown({ method, path, query }: SimRequest, known: readonly string[]): void {
  const unknown = [...new Set(query.keys())].filter(name => !known.includes(name));
  if (unknown.length === 0) return;
  const list = known.length === 0 ? 'It has none.' : `It has: ${known.join(', ')}.`;
  throw new ControlInputError(
    `${method} ${path} has no query parameter ${unknown.map(name => `"${name}"`).join(', ')}. ${list}`,
  );
}
