import type { Declaration } from '../control/declaration.ts';
import { type CallOptions, call } from './call.ts';

/** Calls a control route by method and path under `/_sim/`: `request('PUT cohorts/:id', { params, body })`. */
export type ControlRequest<Routes> = <Route extends CallableIn<Routes>>(
  route: Route,
  ...parts: PartsOf<Route, Routes[Route]>
) => Promise<AnswerOf<Routes[Route]>>;

/** The routes that answer JSON, in contrast to a stream. */
export type CallableIn<Routes> = {
  [Route in keyof Routes & string]: [AnswerOf<Routes[Route]>] extends [never] ? never : Route;
}[keyof Routes & string];

/** What a route answers with 2XX. */
export type AnswerOf<Route> = Route extends Declaration ? Route['answer'] : unknown;

/** The parts of a request that a route has: `params` of its path, `query` and `body`. */
export type RequestOf<Name extends string, Route> = ParamsPart<ParamsOf<Name>> &
  (Route extends Declaration ? Route['request'] : unknown);

type PartsOf<Name extends string, Route> =
  object extends RequestOf<Name, Route> ? [parts?: RequestOf<Name, Route>] : [parts: RequestOf<Name, Route>];

type ParamsPart<Params extends string> = [Params] extends [never]
  ? unknown
  : { readonly params: { readonly [Name in Params]: string | number } };

type ParamsOf<Name extends string> = Name extends `${string}:${infer Param}/${infer Rest}`
  ? Param | ParamsOf<Rest>
  : Name extends `${string}:${infer Param}`
    ? Param
    : never;

/** The calls of the simulator at `base`. The types alone decide which routes there are. */
export function requestsTo<Routes>(base: string, options: CallOptions): ControlRequest<Routes> {
  return async (route, ...[parts]) => {
    const { params = {}, query = {}, body } = (parts ?? {}) as AnyParts;
    const [method = '', path = ''] = route.split(' ');
    const filled = path.replace(/:(\w+)/g, (_, name: string) => segmentOf(route, name, params[name]));
    return call(method, `${base}/_sim/${filled}${textOf(query)}`, body, options);
  };
}

interface AnyParts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: object;
  readonly body?: unknown;
}

/** Rejects what an address can't contain: without an ID, `DELETE faults/:id` would delete all faults. */
function segmentOf(route: string, name: string, value: unknown): string {
  const segment = encodeURIComponent(String(value ?? ''));
  if (!['', '.', '..'].includes(segment)) return segment;
  throw new Error(`${route} needs a value of :${name} other than "${segment}".`);
}

function textOf(query: object): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) text.set(name, String(value));
  return text.size === 0 ? '' : `?${text}`;
}
