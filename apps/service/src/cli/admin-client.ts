import { Command, Option } from 'commander';
import { z } from 'zod';
import { gather } from '../config/gather.ts';
import { serviceShape } from '../config/settings.ts';
import { unknownId } from './unknown-id.ts';

/** Client for the API of a running service. Errors are `AdminError`s with a message for the terminal. */
export interface AdminClient {
  get<Answer>(path: string, query?: Record<string, string | undefined>): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<void>;
}

/** An error of the API, or a failed request; never contains a token. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  /** Code of the error catalogue, if the service responded. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** Time-out in milliseconds: a replay of many dead letters is slow. */
const timeoutMs = 10 * 60_000;

export interface AdminClientOptions {
  /** For example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly token: string | undefined;
  readonly fetch?: typeof fetch;
}

export function adminClient({ url, token, fetch: send = fetch }: AdminClientOptions): AdminClient {
  const call = async <Answer>(path: string, request: RequestInit): Promise<Answer> => {
    let response: Response;
    try {
      response = await send(new URL(path, url), {
        ...request,
        // Never sends the token to another address.
        redirect: 'error',
        headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch {
      throw new AdminError(
        `The service at ${url} could not be reached. Start it, or set its address with --url (default: HOST and PORT).`,
      );
    }
    if (response.status === 204) return undefined as Answer;
    const answer = parsed(await response.text());
    if (response.ok && answer !== undefined) return answer as Answer;
    const refusal = refusalSchema.safeParse(answer);
    if (refusal.success) {
      const { code, message } = refusal.data.error;
      throw new AdminError(unknownId(code, path) ?? message, code);
    }
    throw new AdminError(
      `The server at ${url} is not this service (HTTP ${response.status}). Check --url, HOST and PORT.`,
    );
  };
  return {
    get: (path, query = {}) => {
      const parameters = new URLSearchParams();
      for (const [key, value] of Object.entries(query)) if (value !== undefined) parameters.set(key, value);
      return call(parameters.size === 0 ? path : `${path}?${parameters}`, { method: 'GET' });
    },
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
    delete: path => call(path, { method: 'DELETE' }),
  };
}

const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const callerSettings = z.object({
  HOST: serviceShape.HOST,
  PORT: serviceShape.PORT,
  ADMIN_TOKEN: serviceShape.ADMIN_TOKEN,
  VIEWER_TOKEN: serviceShape.VIEWER_TOKEN,
});

/** Options of every command that uses a running service. */
export interface AdminOptions {
  readonly url?: string;
  readonly json?: boolean;
}

export function adminCommand(name: string): Command {
  return new Command(name)
    .addOption(new Option('--url <url>', 'address of the running service (default: HOST and PORT)'))
    .addOption(new Option('--json', 'print the response as JSON'));
}

/**
 * The service that this process's settings name: the address from `--url`, else HOST and PORT; the token from ADMIN_TOKEN, else
 * VIEWER_TOKEN. Other settings need not be there.
 *
 * @throws AdminError
 */
export function configuredClient({ url }: AdminOptions): AdminClient {
  const { settings, faults } = gather({ environment: process.env });
  const read = callerSettings.safeParse(settings);
  const fault = faults.find(({ setting }) => setting in callerSettings.shape) ?? read.error?.issues[0];
  if (!read.success || fault !== undefined) {
    const setting = fault === undefined ? '' : 'setting' in fault ? fault.setting : String(fault.path[0]);
    throw new AdminError(`${setting} ${fault?.message ?? 'cannot be read'}`);
  }
  const { HOST, PORT, ADMIN_TOKEN, VIEWER_TOKEN } = read.data;
  const token = (ADMIN_TOKEN ?? VIEWER_TOKEN)?.[0];
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new AdminError(
      `--url is ${JSON.stringify(url)}; expected an address such as http://127.0.0.1:4000.`,
    );
  return adminClient({ url: url ?? addressOf(HOST, PORT), token: token?.reveal() });
}

/** Address of a service that listens on `host`, from its own machine. */
function addressOf(host: string, port: number): string {
  const any = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host];
  return `http://${any ?? (host.includes(':') ? `[${host}]` : host)}:${port}`;
}
