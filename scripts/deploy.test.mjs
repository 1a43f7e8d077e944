import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readConfig, settingsTable } from '@braze-mixpanel/service';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { root } from './docs.mjs';

const text = name => readFileSync(join(root, name), 'utf8');
const settings = new Set(
  ['service', 'connection'].flatMap(scope => settingsTable(scope).match(/`[A-Z][A-Z0-9_]+`/g) ?? []),
);
const isSetting = name => settings.has(`\`${name.replace(/_FILE$/, '')}\``);
const compose = parse(text('compose.yaml'));
const imageSettings = Object.fromEntries(
  [...text('apps/service/Dockerfile').matchAll(/^(?:ENV)? +([A-Z_]+)=(\S+)/gm)].map(([, name, value]) => [
    name,
    value,
  ]),
);

/** A value with its variables replaced as compose does: `${NAME:-default}` and `${NAME:?why}`. */
const filledIn = (value, variables) =>
  String(value).replace(
    /\$\{(\w+)(?::[-?]([^}]*))?\}/g,
    (_, name, otherwise) => variables[name] || otherwise,
  );

describe('compose.yaml', () => {
  const ofCompose = ['POSTGRES_PASSWORD', 'SETTINGS'];

  it.each(['deploy/simulators.env', 'deploy/service.example.env'])('is a configuration with %s', name => {
    const variables = parseEnv(text(name));
    expect(Object.keys(variables).filter(key => !isSetting(key) && !ofCompose.includes(key))).toEqual([]);
    const given = Object.entries(compose.services.service.environment).map(([key, value]) => [
      key,
      filledIn(value, variables),
    ]);
    const environment = { ...imageSettings, ...variables, ...Object.fromEntries(given) };
    expect(readConfig({ environment }).connections).toHaveLength(1);
  });

  it('runs the service only with settings and files that the image has', () => {
    const { service } = compose.services;
    expect(Object.keys(service.environment).filter(name => !isSetting(name))).toEqual([]);
    expect(service.ports[0]).toMatch(new RegExp(`:${imageSettings.PORT}$`));
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('publishes no port beyond this machine', () => {
    const published = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
    expect(published.filter(port => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  if (spawnSync('docker', ['compose', 'version']).status === 0)
    it('is accepted by docker compose', () => {
      const options = ['--env-file', 'deploy/simulators.env', '--profile', 'simulators'];
      const config = ['compose', ...options, 'config', '--quiet'];
      expect(() => execFileSync('docker', config, { cwd: root, stdio: 'pipe' })).not.toThrow();
    });
});

describe('deploy/kubernetes.yaml', () => {
  const documents = parseAllDocuments(text('deploy/kubernetes.yaml')).map(document => document.toJS());
  const kind = name => documents.find(document => document.kind === name);
  const pod = kind('Deployment').spec.template.spec;
  const [container] = pod.containers;
  const variables = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));

  it('is a valid configuration of the service, with its secrets in files', () => {
    const [{ mountPath }] = container.volumeMounts;
    const secrets = kind('Secret').stringData;
    const read = [];
    const readFile = path => {
      const key = path.slice(mountPath.length + 1);
      read.push(key);
      return secrets[key] ?? expect.fail(`the Secret has no ${key}`);
    };
    const environment = { ...imageSettings, ...kind('ConfigMap').data, ...variables };
    const readByOthers = ['NODE_ENV', 'MALLOC_MMAP_THRESHOLD_'];
    expect(
      Object.keys(environment)
        .filter(name => !isSetting(name))
        .sort(),
    ).toEqual(readByOthers.sort());
    expect(readConfig({ environment, readFile }).connections).toHaveLength(1);
    expect(read.sort()).toEqual(Object.keys(secrets).sort());
  });

  it('runs without root, writes to no container file system, and gives a replica time to end', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(container.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
    const preStop = Number(/(\d+)\)$/.exec(container.lifecycle.preStop.exec.command.at(-1))?.[1]) / 1_000;
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(
      parseInt(variables.SHUTDOWN_GRACE, 10) + preStop,
    );
  });

  it('names the image of the present version', () => {
    expect(container.image).toBe(`braze-mixpanel/service:${JSON.parse(text('package.json')).version}`);
  });

  it('probes existing routes, and keeps one replica through a disruption', () => {
    expect(container.livenessProbe.httpGet.path).toBe('/healthz');
    expect(container.readinessProbe.httpGet.path).toBe('/readyz');
    expect(container.ports[0].containerPort).toBe(Number(imageSettings.PORT));
    const { replicas, selector } = kind('Deployment').spec;
    expect(replicas).toBeGreaterThan(kind('PodDisruptionBudget').spec.minAvailable);
    expect(kind('PodDisruptionBudget').spec.selector).toEqual(selector);
    expect(kind('Service').spec.selector).toEqual(selector.matchLabels);
  });
});
