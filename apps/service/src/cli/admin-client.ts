import { z } from 'zod';
import { serviceShape } from '../config/settings.ts';
import type { Endpoint } from '../http/api-route.ts';
import { parseJson } from '../vendor-http/exchange.ts';
import { AdminError } from './admin-error.ts';
import { commandMessage } from './command-message.ts';
import { invalidValue } from './invalid-value.ts';
import { someSettings } from './some-settings.ts';

/** Client for the API of a running service. */
export interface AdminClient {
  /**
   * The answer of a route, checked by the schema of its declaration.
   *
   * @throws AdminError with a message for the terminal
   */
  call<Query extends z.ZodObject, Body extends z.ZodType, Answer extends z.ZodType>(
    endpoint: Endpoint<Query, Body, Answer>,
    request?: { readonly id?: string; readonly query?: z.input<Query>; readonly body?: z.input<Body> },
  ): Promise<z.output<Answer>>;
  /** Whether a server answers at the address. */
  isReachable(): Promise<boolean>;
}

/** Time-out in milliseconds: a replay of many dead letters is slow. */
const timeoutMs = 10 * 60_000;

export interface AdminClientOptions {
  /** For example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly token: string | undefined;
  /** The setting that has the token, for messages; default `ADMIN_TOKEN`. */
  readonly tokenSetting?: 'ADMIN_TOKEN' | 'VIEWER_TOKEN';
  readonly fetch?: typeof fetch;
}

export function adminClient(options: AdminClientOptions): AdminClient {
  const { url, token, tokenSetting = 'ADMIN_TOKEN', fetch: send = fetch } = options;
  return {
    async isReachable() {
      const address = new URL('/healthz', url);
      return send(address, { redirect: 'error' }).then(
        () => true,
        () => false,
      );
    },
    async call({ method, path, answer: schema, expected, ...sent }, { id = '', query = {}, body } = {}) {
      refuseInvalid(sent, { query, body });
      // In an address these would be another path, also when they are encoded.
      if (/^\.\.?$/.test(id)) throw new AdminError(`Nothing has the ID "${id}". Correct the ID.`);
      const address = new URL(path.replace(':id', encodeURIComponent(id)), url);
      for (const [key, value] of Object.entries(written(query))) address.searchParams.set(key, value);
      const response = await send(address, {
        method: method.toUpperCase(),
        body: body === undefined ? null : JSON.stringify(body),
        // Never sends the token to another address.
        redirect: 'manual',
        headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        signal: AbortSignal.timeout(timeoutMs),
      }).catch(() => {
        throw new AdminError(
          `The service at ${url} could not be reached, and this command needs it running. Start it (the same program without a command), or set its address with --url (default: HOST and PORT).`,
        );
      });
      const target = redirectedTo(response, address);
      if (target !== undefined)
        throw new AdminError(
          `The server at ${url} redirects to ${target}, where nothing was sent. Set the address of the service with --url.`,
        );
      const answer = parseJson(await response.text());
      const success = response.ok ? schema.safeParse(answer) : undefined;
      if (success?.success) return success.data;
      const refusal = refusalSchema.safeParse(answer);
      if (refusal.success) {
        const { code, message } = refusal.data.error;
        throw new AdminError(
          tokenSentence(code, tokenSetting) ??
            commandMessage(code, id) ??
            withoutExpected(code, message, expected),
          code,
        );
      }
      throw new AdminError(
        `The server at ${url} is not this service (HTTP ${response.status}). Check --url, HOST and PORT.`,
      );
    },
  };
}

/** A refusal without the form that the API expects: a command has options and arguments. */
const withoutExpected = (code: string, message: string, expected: string | undefined): string =>
  code === 'request_invalid' && expected !== undefined && message.endsWith(expected)
    ? `${message.slice(0, -expected.length)}Run the command with --help for what it accepts.`
    : message;

/** The origin that a redirect leads to; `undefined` of any other answer. */
const redirectedTo = ({ status, headers }: Response, from: URL): string | undefined =>
  status >= 300 && status < 400 ? URL.parse(headers.get('location') ?? '', from.href)?.origin : undefined;

/** Refuses a request with an invalid value before it is sent. @throws AdminError */
export function refuseInvalid(
  { query, body }: { readonly query?: z.ZodType | undefined; readonly body?: z.ZodType | undefined },
  given: { readonly query?: Readonly<Record<string, unknown>>; readonly body?: unknown },
): void {
  const invalid = invalidValue(query, written(given.query ?? {})) ?? invalidValue(body, given.body);
  if (invalid !== undefined) throw new AdminError(invalid);
}

/** The sentences for the terminal about a token that is missing, or that the service does not have. */
const tokenSentence = (code: string, setting: string): string | undefined =>
  ({
    admin_token_missing:
      'No token was sent. Set ADMIN_TOKEN to the one of the service, or VIEWER_TOKEN for commands that only read.',
    admin_closed:
      'The API of the service is disabled. Set ADMIN_TOKEN for the service, reload (SIGHUP) or restart it, and set the same for this command.',
    admin_token_refused: `The service refused ${setting}. Set it to the value that the service has.`,
  })[code];

/** A query as the address has it. */
const written = (query: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );

const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

const callerSettings = z.object({
  HOST: serviceShape.HOST,
  PORT: serviceShape.PORT,
  ADMIN_TOKEN: serviceShape.ADMIN_TOKEN,
  VIEWER_TOKEN: serviceShape.VIEWER_TOKEN,
});

/**
 * The service that this process's settings name: the address from `--url`, else HOST and PORT; the token from
 * ADMIN_TOKEN, else VIEWER_TOKEN. Other settings need not be there.
 *
 * @throws AdminError
 */
export function configuredClient(url: string | undefined): AdminClient {
  const { HOST, PORT, ADMIN_TOKEN, VIEWER_TOKEN } = someSettings(callerSettings);
  const token = (ADMIN_TOKEN ?? VIEWER_TOKEN)?.[0];
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new AdminError(
      `--url is ${JSON.stringify(url)}; expected an address such as http://127.0.0.1:4000.`,
    );
  const tokenSetting = ADMIN_TOKEN === undefined ? 'VIEWER_TOKEN' : 'ADMIN_TOKEN';
  return adminClient({ url: url ?? addressOf(HOST, PORT), token: token?.reveal(), tokenSetting });
}

/** Address of a service that listens on `host`, from its own machine. */
function addressOf(host: string, port: number): string {
  const any = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host];
  return `http://${any ?? (host.includes(':') ? `[${host}]` : host)}:${port}`;
}
