import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './docs.mjs';
import { notesOf, withEntry } from './release.mjs';

const text = name => readFileSync(join(root, name), 'utf8');

describe('the changelog', () => {
  it('adds a release at its head, and returns the notes of this and of earlier ones', () => {
    const changelog = withEntry(text('CHANGELOG.md'), '9.8.7', ['One change, worth $& 5.', 'Another.\n']);
    expect(notesOf(changelog, '9.8.7')).toBe('One change, worth $& 5.\n\nAnother.');
    expect(notesOf(changelog, '0.1.0')).toBe(notesOf(text('CHANGELOG.md'), '0.1.0'));
  });

  it('has an entry of the present version', () => {
    expect(notesOf(text('CHANGELOG.md'), JSON.parse(text('package.json')).version)).not.toBe('');
  });
});

describe.each(['ci', 'release'])('the workflow %s', name => {
  const { jobs, permissions } = parse(text(`.github/workflows/${name}.yml`));
  const steps = Object.values(jobs).flatMap(job => job.steps);

  it('names actions by commit and has only read permissions, unless a job declares others', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.filter(action => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  it('puts no outside values into a shell line', () => {
    const lines = steps.flatMap(({ run }) => run ?? []);
    expect(lines.filter(line => line.includes('${{'))).toEqual([]);
  });

  it('leaves no credentials in a work tree', () => {
    const checkouts = steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    expect(checkouts.filter(step => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('runs tests, and the audit of dependencies in a step of its own without write permissions', () => {
    const running = command =>
      Object.values(jobs).filter(job => job.steps.some(({ run = '' }) => run.startsWith(command)));
    for (const command of ['.ci/run', '.ci/audit']) {
      expect(running(command), command).not.toEqual([]);
      for (const job of running(command)) expect(job.permissions, command).toBeUndefined();
    }
  });

  it('runs only npm commands that exist', () => {
    const { scripts } = JSON.parse(text('package.json'));
    const commands = steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(match => match[1]),
    );
    expect(commands.filter(command => !Object.hasOwn(scripts, command))).toEqual([]);
  });
});

describe('a release', () => {
  const { jobs } = parse(text('.github/workflows/release.yml'));
  const writers = scope =>
    Object.values(jobs).filter(({ permissions = {} }) => permissions[scope] === 'write');

  it('installs and runs no dependency where images are pushed or signed', () => {
    for (const job of [...writers('packages'), ...writers('id-token')])
      expect(job.steps.filter(({ run = '' }) => /\bnpm\b|\.ci\//.test(run))).toEqual([]);
  });

  it('pushes only tested images', () => {
    expect(jobs.images.needs).toContain('test');
    expect(jobs.release.needs).toContain('images');
  });

  it('attests every image that it names, by digest, and every file', () => {
    const [signing] = writers('id-token');
    expect(signing.permissions).toMatchObject({ attestations: 'write' });
    const attested = signing.steps
      .filter(({ uses = '' }) => uses.startsWith('actions/attest-build-provenance@'))
      .map(step => step.with);
    const named = /for name in ([\w -]+); do/.exec(signing.steps.map(({ run = '' }) => run).join('\n'))[1];
    for (const name of named.split(' '))
      expect(attested).toContainEqual({
        'subject-name': `\${{ steps.join.outputs.registry }}/${name}`,
        'subject-digest': `\${{ steps.join.outputs.${name} }}`,
        'push-to-registry': true,
      });
    expect(attested).toContainEqual({ 'subject-path': 'dist/release/*' });
    expect(signing.steps.at(-1).run).toMatch(/gh release create .* dist\/release\/\*/s);
  });
});

describe('a base image', () => {
  const digest = /@sha256:[0-9a-f]{64}$/;
  const baseOf = file => /^ARG BASE_IMAGE=(\S+)$/m.exec(text(file))?.[1];

  it('is pinned by digest, and the same in both Dockerfiles', () => {
    expect(baseOf('apps/service/Dockerfile')).toMatch(digest);
    expect(baseOf('packages/simulators.Dockerfile')).toBe(baseOf('apps/service/Dockerfile'));
  });

  it('is pinned by digest where compose pulls it', () => {
    const { image } = parse(text('compose.yaml')).services.postgres;
    expect(/:-([^}]+)\}$/.exec(image)?.[1]).toMatch(digest);
  });
});

describe('the audit of dependencies', () => {
  /** Runs `.ci/audit` with an npm that gives this answer. */
  const audit = (report, status) => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho '${JSON.stringify(report)}'\nexit ${status}\n`, {
      mode: 0o755,
    });
    const { status: code, stdout } = spawnSync(join(root, '.ci/audit'), {
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    return { code, stdout };
  };

  it('fails with NOT RUN where the registry answers no audits', () => {
    const { code, stdout } = audit({ error: { code: 'ENOAUDIT' } }, 1);
    expect([code, stdout]).toEqual([1, expect.stringContaining('NOT RUN')]);
  });

  it('fails where there is a weakness, and passes where there is none', () => {
    expect(audit({ auditReportVersion: 2 }, 1).code).toBe(1);
    expect(audit({ auditReportVersion: 2 }, 0)).toMatchObject({ code: 0 });
  });
});
