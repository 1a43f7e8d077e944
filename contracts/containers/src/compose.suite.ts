import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { startContainer } from './container.ts';
import { createNetwork } from './network.ts';
import { startPostgres } from './postgres.ts';
import { imageOf } from './stack.ts';

const root = new URL('../../../', import.meta.url);
const text = (name: string) => readFile(new URL(name, root), 'utf8');

interface ComposeService {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly env_file?: string;
  readonly ports?: readonly string[];
}

/** A value as compose resolves it, with the variables of the file given by `--env-file`. */
const filledIn = (value: string, variables: NodeJS.Dict<string>) =>
  value.replace(
    /\$\{(\w+)(?::[-?]([^}]*))?\}/g,
    (_all, name: string, otherwise: string) => variables[name] || otherwise,
  );

it('compose.yaml with the simulators delivers an event from Braze to Mixpanel', async () => {
  const { services } = parse(await text('compose.yaml')) as { services: Record<string, ComposeService> };
  const variables = parseEnv(await text('deploy/simulators.env'));
  await using network = await createNetwork();
  await using _postgres = await startPostgres(network);

  const start = async (alias: string, health: string) => {
    const { image, environment = {}, env_file, ports = [] } = services[alias]!;
    const port = Number(ports[0]!.split(':').at(-1));
    const given = Object.entries(environment).map(([name, value]) => [name, filledIn(value, variables)]);
    const file = env_file === undefined ? {} : parseEnv(await text(filledIn(env_file, variables)));
    return startContainer({
      ...{ alias, network, port, health },
      image: imageOf(filledIn(image, {}).replace('braze-mixpanel/', '')),
      environment: { ...(file as Record<string, string>), ...Object.fromEntries(given) },
    });
  };
  await using braze = await start('mock-braze', '/_sim/health');
  await using mixpanel = await start('mock-mixpanel', '/_sim/health');
  await using _service = await start('service', '/healthz');

  // As described in docs/operate/deploy.md.
  const current = { kind: 'custom-http', endpoint: 'http://service:4000/currents', token: 'currents-token' };
  await call('POST', `${braze.url}/_sim/currents`, { ...current, launch: true });
  await call('POST', `${braze.url}/_sim/users`, { generate: { count: 5 } });
  await call('POST', `${braze.url}/_sim/emit`, { generate: { count: 20 } });
  const stored = await until(
    'events in Mixpanel',
    () => call('GET', `${mixpanel.url}/_sim/events?fields=event`),
    answer => JSON.stringify(answer).includes('"event"'),
  );
  expect(JSON.stringify(stored)).toContain('"event"');
});
