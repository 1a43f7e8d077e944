import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { accepts, answers, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

let folder: string;
let mixpanelA: FakeMixpanel;
let mixpanelB: FakeMixpanel;
let service: RunningService;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connections-test-'));
  mixpanelA = await FakeMixpanel.start();
  mixpanelB = await FakeMixpanel.start();
  await writeFile(
    join(folder, 'service.yaml'),
    `
connections:
  brand-a:
    currents_token: token-a
    mixpanel_service_account: account-a
    mixpanel_service_secret: secret-a
    mixpanel_project_id: 111
    mixpanel_api_url: ${mixpanelA.url}
  brand-b:
    currents_token: token-b
    currents_events: Email Open
    mixpanel_token: project-b
    mixpanel_api_url: ${mixpanelB.url}
`,
  );
  service = await RunningService.start({
    CONFIG_FILE: join(folder, 'service.yaml'),
    CURRENTS_TOKEN: '',
    MIXPANEL_TOKEN: '',
  });
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanelA[Symbol.asyncDispose]();
  await mixpanelB[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const post = (connection: string, token: string, ...events: unknown[]) =>
  service.post(batchOf(...events), {
    path: `/currents/${connection}`,
    headers: { authorization: `Bearer ${token}` },
  });

describe('named connections', () => {
  it('have separate tokens, Mixpanel projects and events', async () => {
    expect((await post('brand-a', 'token-b', emailSend())).status).toBe(401);
    expect((await post('brand-a', 'token-a', emailSend())).status).toBe(200);
    const open = emailSend({ event_type: 'users.messages.email.Open' });
    expect((await post('brand-b', 'token-b', emailSend(), open)).status).toBe(200);
    expect(await service.settled('brand-a')).toMatchObject({ accepted: 1, imported: 1 });
    expect(await service.settled('brand-b')).toMatchObject({
      accepted: 2,
      imported: 1,
      skipped: { not_selected: 1 },
    });
    expect(mixpanelA.requests[0]!.url.searchParams.get('project_id')).toBe('111');
    expect(mixpanelA.requests[0]!.authorization).toBe(`Basic ${btoa('account-a:secret-a')}`);
    expect(mixpanelB.stored.map(({ event }) => event)).toEqual(['Email Open']);
  });

  it('do not block each other: one is parked, the other delivers', async () => {
    mixpanelA.behaviour = answers(401);
    await post('brand-a', 'token-a', emailSend());
    await service.until(({ delivery }) => delivery?.state === 'parked', 'brand-a');
    const open = emailSend({ event_type: 'users.messages.email.Open' });
    await post('brand-b', 'token-b', open);
    expect(await service.settled('brand-b')).toMatchObject({ imported: 1 });
  });

  it('do not block each other: one hangs with its whole backlog, the other drains', async () => {
    const hanging: (() => void)[] = [];
    mixpanelA.behaviour = request => {
      hanging.push(() => accepts(request));
    };
    const batches = 200;
    const load = async (connection: string, token: string, type: string) => {
      for (let sent = 0; sent < batches; sent++) {
        const events = Array.from({ length: 100 }, () => emailSend({ event_type: type }));
        expect((await post(connection, token, ...events)).status).toBe(200);
      }
    };
    const open = 'users.messages.email.Open';
    await load('brand-a', 'token-a', open);
    await service.until(({ delivery }) => (delivery?.requestsInFlight ?? 0) > 0, 'brand-a');
    await load('brand-b', 'token-b', open);
    expect(await service.settled('brand-b')).toMatchObject({ accepted: 20_000, imported: 20_000 });
    // None of the other's batches was imported meanwhile, and none was given up.
    const { delivery, ...stuck } = await service.connection('brand-a');
    expect(stuck).toMatchObject({
      accepted: 20_000,
      imported: 0,
      deadLettered: {},
      pending: { events: 20_000 },
    });
    expect(delivery).toMatchObject({ state: 'delivering', failuresInARow: 0 });

    mixpanelA.behaviour = accepts;
    for (const answer of hanging) answer();
    expect(await service.settled('brand-a')).toMatchObject({ accepted: 20_000, imported: 20_000 });
    expect(mixpanelA.unique.size).toBe(20_000);
  });

  it('alone leave POST /currents without a connection', async () => {
    expect((await service.post(batchOf(emailSend()))).status).toBe(404);
  });
});
