/** The curl lines of a README, run against a simulator to prove that they work. For tests only. */
import { toWire } from '../answer.ts';
import type { Simulator } from '../simulator.ts';
import { splitTarget } from '../transport/split-target.ts';

/** The answer to one curl line. */
export interface CurlAnswer {
  readonly line: string;
  /** Method and path, for example `POST /_sim/clock`. */
  readonly request: string;
  readonly status: number;
  readonly text: string;
}

/**
 * Every line that starts with `curl`, in order. Supported are `-X`, `-H`, `-d` (text, or `@` and the file of
 * an earlier line), `-o`, `-N`, quotes, a comment at the end, and `$SIM` for `/_sim` of the simulator.
 */
export async function runCurlLines(simulator: Simulator, readme: string): Promise<CurlAnswer[]> {
  const files = new Map<string, string>();
  const answers: CurlAnswer[] = [];
  // The README reads request number 1, so one is sent first.
  const nothing = { query: new URLSearchParams(), headers: {}, readBody: async () => new Uint8Array() };
  await simulator.dispatch({ method: 'GET', path: '/', ...nothing });
  for (const line of readme.match(/^curl .*$/gm) ?? []) {
    const { method, target, data, output, headers } = parse(line);
    const body = data.startsWith('@') ? (files.get(data.slice(1)) ?? '') : data;
    const { path, query } = splitTarget(target);
    const readBody = async () => new TextEncoder().encode(body);
    const answer = await simulator.dispatch({ method, path, query, headers, readBody });
    if (answer.kind !== 'respond') throw new Error(`${line} ended in a ${answer.kind}`);
    const wire = toWire(answer);
    const endless = wire.headers['content-type'] === 'text/event-stream';
    if (endless && wire.body instanceof ReadableStream) await wire.body.cancel();
    const text = endless ? '' : await new Response(wire.body).text();
    if (output !== undefined) files.set(output, text);
    answers.push({ line, request: `${method} ${path}`, status: wire.status, text });
  }
  return answers;
}

/** The routes (`GET /_sim/faults/:id`) that no request reached. */
export function unreached(routes: readonly string[], answers: readonly CurlAnswer[]): string[] {
  return routes.filter(route => {
    const pattern = new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`);
    return !answers.some(({ request }) => pattern.test(request));
  });
}

function parse(line: string) {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, ...forms]) => forms.find(Boolean) ?? '',
  );
  const end = words.indexOf('#');
  const [, ...rest] = end === -1 ? words : words.slice(0, end);
  const given = {
    method: undefined as string | undefined,
    target: '',
    data: '',
    output: undefined as string | undefined,
    headers: {} as Record<string, string>,
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '-X') given.method = rest.shift();
    else if (word === '-d') given.data = rest.shift() ?? '';
    else if (word === '-H') {
      const [name = '', value = ''] = (rest.shift() ?? '').split(/: */);
      given.headers[name.toLowerCase()] = value;
    } else if (word === '-o') given.output = rest.shift();
    else if (word.startsWith('$SIM')) given.target = word.replace('$SIM', '/_sim');
    else if (word !== '-N') throw new Error(`What does "${word}" mean in: ${line}`);
  }
  return { ...given, method: given.method ?? (given.data === '' ? 'GET' : 'POST') };
}
