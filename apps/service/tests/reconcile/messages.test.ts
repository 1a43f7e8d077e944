import { describe, expect, it } from 'vitest';
import { forgetVendors } from '../../src/testing/deletion-world.ts';
import { emailSend } from '../../src/testing/events.ts';
import { importNatively } from '../../src/testing/mixpanel-account.ts';
import { reconcileWorld, worldStart } from '../../src/testing/reconcile-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

const time = worldStart / 1_000 - 3_600;
const canvas = { campaign_id: null, canvas_id: 'k1', canvas_name: 'Journey', canvas_step_id: 's1' };

const sends = (count: number, properties: object) =>
  Array.from({ length: count }, () => emailSend({ time, properties }));

/** A service that got three e-mails of a campaign and two of a Canvas, and one of a campaign that Braze lacks. */
async function world(environment: Record<string, string> = {}) {
  const service = await reconcileWorld({ environment });
  await service.emit(
    ...sends(3, { campaign_id: 'c1', campaign_name: 'Welcome' }),
    ...sends(2, canvas),
    ...sends(1, { campaign_id: 'c2', campaign_name: 'Old sale' }),
  );
  await service.braze.request('PUT campaigns/:id', { params: { id: 'c1' }, body: { name: 'Welcome' } });
  await service.braze.request('PUT canvases/:id', { params: { id: 'k1' }, body: { name: 'Journey' } });
  await service.braze.request('DELETE campaigns/:id', { params: { id: 'c2' } });
  return service;
}

const events = (count: number) => ({ events: count });
const because = (why: string) => ({ notKnown: expect.stringContaining(why) });

describe('the rows of campaigns and Canvases', () => {
  it('have the numbers of Braze, the service and Mixpanel, where bodies of delivered events are kept', async () => {
    await using service = await world({ DELIVERED_RETENTION: '30d' });
    const { messages, rows, findings } = await service.report('2026-02-28', '2026-03-01');
    const all = (count: number) => ({
      ...{ accepted: events(count), mixpanelRaw: events(count), mixpanelUnique: events(count) },
    });
    expect(messages).toEqual([
      {
        of: 'campaign',
        id: 'c1',
        name: 'Welcome',
        event: 'Email Send',
        columns: { braze: events(3), ...all(3) },
      },
      {
        of: 'canvas',
        id: 'k1',
        name: 'Journey',
        event: 'Email Send',
        columns: { braze: events(2), ...all(2) },
      },
      {
        ...{ of: 'campaign', id: 'c2', name: null, event: 'Email Send' },
        columns: { braze: because('Braze does not list it'), ...all(1) },
      },
    ]);
    expect(rows).toMatchObject([
      {
        columns: { braze: events(5), accepted: events(6) },
        steps: [{ causes: [{ cause: 'not_in_lists', events: 1 }], unexplained: 0 }, {}, {}, {}, {}],
      },
    ]);
    expect(findings).toEqual([]);
  });

  it('call nothing deleted that a cut list of Braze lacks: its numbers are not known, for that reason', async () => {
    await using service = await reconcileWorld();
    await service.emit(
      ...Array.from({ length: 1_001 }, (_, index) =>
        emailSend({ time, properties: { campaign_id: `c${index}` } }),
      ),
    );
    const { messages, rows, messagesLeftOut } = await service.report();
    const cut = because(
      'mock-braze keeps the first 1,000 IDs of events: this list of campaigns lacks others',
    );
    expect(rows[0]?.columns.braze).toEqual(cut);
    expect(rows[0]?.steps.flatMap(({ causes }) => causes)).toEqual([]);
    expect(messages[0]?.columns.braze).toEqual(cut);
    expect(messagesLeftOut).toBe(1);
  });

  it('say why the column of the service is not known without the bodies', async () => {
    await using service = await world();
    const [first] = (await service.report()).messages;
    expect(first?.columns.accepted).toEqual(because('DELIVERED_RETENTION does not keep'));
  });

  it('say why it is not known where only a part of the bodies is kept', async () => {
    await using service = await world();
    await service.running.reload({ DELIVERED_RETENTION: '30d' });
    await service.emit(...sends(1, { campaign_id: 'c1' }));
    const [first] = (await service.report()).messages;
    expect(first?.columns).toMatchObject({
      accepted: because('Not all delivered events of these days are kept'),
      mixpanelRaw: events(4),
    });
  });

  const forgotten = 'customer-forgotten';
  const ofForgotten = () =>
    emailSend({
      ...{ time, user: { user_id: 'braze-forgotten', external_user_id: forgotten } },
      properties: { campaign_id: 'c1' },
    });

  it.each([
    ['were delivered before a user was forgotten', 2, 0],
    ['of a forgotten user came again after their removal', 2, 1],
    ['of a user came only after the user was forgotten', 0, 2],
  ])('blame forgotten users and no setting where events %s', async (_case, before, after) => {
    await using service = await world({ DELIVERED_RETENTION: '30d' });
    const emit = async (count: number) => {
      if (count > 0) await service.emit(...Array.from({ length: count }, ofForgotten));
    };
    await emit(before);
    const { delivered } = await forgetVendors(service.running, forgotten, { vendors: false });
    expect(delivered).toBe(before);
    await emit(after);
    const { messages } = await service.report();
    const notKnown = 'Users were forgotten, and the service no longer has their events to count.';
    expect(messages.map(({ columns }) => columns.accepted)).toEqual(Array(3).fill({ notKnown }));
  });

  it('blame forgotten users and the setting where some bodies were removed and others were not kept', async () => {
    await using service = await world();
    await service.running.reload({ DELIVERED_RETENTION: '30d' });
    await service.emit(ofForgotten());
    await forgetVendors(service.running, forgotten, { vendors: false });
    const [first] = (await service.report()).messages;
    expect(first?.columns.accepted).toEqual(because('Users were forgotten'));
    expect(first?.columns.accepted).toEqual(because('Not all delivered events of these days are kept'));
  });

  it('blame a cut-over and no setting where it removed events that waited', async () => {
    await using service = await reconcileWorld({
      environment: { DELIVERED_RETENTION: '30d', DELIVERY_MODE: 'hold' },
    });
    const of = (user: string) => ({ time, user: { user_id: `braze-${user}`, external_user_id: user } });
    const properties = { campaign_id: 'c1' };
    await importNatively(service.mixpanelUrl, [
      { event: 'Email Send', properties: { time, distinct_id: 'customer-native', ...properties } },
    ]);
    await service.running.post({
      events: ['customer-native', 'customer-here'].map(user => emailSend({ ...of(user), properties })),
    });
    const response = await fetch(`${service.running.service.url}/api/cut-over`, {
      method: 'POST',
      headers: asOperator,
      body: JSON.stringify({ confirm: true }),
    });
    expect(await response.json()).toMatchObject({ waiting: 2, alreadyThere: 1 });
    const [first] = (await service.report()).messages;
    expect(first?.columns).toMatchObject({
      accepted: {
        notKnown:
          'A cut-over removed events that Mixpanel already had, and the service no longer has these to count.',
      },
      mixpanelRaw: events(1),
    });
  });

  it('are known of Canvases without the permission to list campaigns', async () => {
    await using service = await world({ BRAZE_ANALYTICS_KEY: 'few' });
    const permissions = [
      'canvas.list',
      'canvas.data_series',
      'events.list',
      'purchases.quantity_series',
    ] as const;
    await service.braze.request('POST rest-keys', { body: { key: 'few', permissions: [...permissions] } });
    const { messages, rows } = await service.report();
    const brazeOf = (kind: string) =>
      messages.filter(({ of }) => of === kind).map(({ columns }) => columns.braze);
    expect(brazeOf('canvas')).toEqual([events(2)]);
    expect(brazeOf('campaign')).toEqual(Array(2).fill(because('it needs the permission campaigns.list')));
    expect(rows[0]?.columns.braze).toEqual(because('campaigns.list'));
  });
});

describe('the rows of sends', () => {
  const properties = (send: string, campaign = 'api') => ({ campaign_id: campaign, send_id: send });

  async function sendWorld() {
    const service = await reconcileWorld();
    await service.braze.request('PUT campaigns/:id', {
      ...{ params: { id: 'api' }, body: { name: 'Receipts', is_api_campaign: true } },
    });
    await service.emit(
      ...sends(4, properties('one')),
      ...sends(2, properties('two')),
      ...sends(1, properties('x', 'c1')),
    );
    return service;
  }
  const rowsOf = ({ messages }: { messages: readonly { of: string; id: string; columns: object }[] }) =>
    Object.fromEntries(messages.filter(({ of }) => of === 'send').map(({ id, columns }) => [id, columns]));

  it('have the numbers of API campaigns within 14 days', async () => {
    await using service = await sendWorld();
    expect(rowsOf(await service.report())).toMatchObject({
      one: { braze: events(4), mixpanelUnique: events(4) },
      two: { braze: events(2), mixpanelUnique: events(2) },
      x: { braze: { notComparable: 'Braze has numbers of the sends of API campaigns alone.' } },
    });
  });

  it('are asked for no more once 14 days have passed, and say so', async () => {
    await using service = await sendWorld();
    await service.clock.advance(16 * 86_400_000);
    expect(rowsOf(await service.report()).one).toMatchObject({
      braze: because('Braze keeps the numbers of a send for 14 days'),
    });
  });
});

it('`reconcile --by` prints the counts of campaigns, Canvases or sends, one line for each, and sentences in 80 columns', async () => {
  await using service = await world({ DELIVERED_RETENTION: '30d' });
  const run = async (...more: string[]) => {
    const args = [
      'reconcile',
      '--url',
      service.running.service.url,
      '--from',
      '2026-03-01',
      '--to',
      '2026-03-01',
    ];
    const { stdout } = await ServiceProcess.run({ ADMIN_TOKEN: 'test-admin-token' }, ...args, ...more);
    // Rows stay on their line, for programs that search in them.
    const sentences = stdout.filter(line => !line.includes('  '));
    expect(Math.max(...sentences.map(({ length }) => length))).toBeLessThanOrEqual(80);
    return stdout.join('\n');
  };
  await service.mixpanel.request('POST reset');
  const campaigns = await run('--by', 'campaign');
  expect(campaigns).toMatch(/^campaign +ID +event +Braze +here +raw +unique +differ\.$/m);
  expect(campaigns).toMatch(/^Welcome +\S+ +Email Send +3 +3 +0 +0 +-3$/m);
  expect(campaigns).toMatch(/: 1\scampaign\sin\s1\srow,\sone\sfor\seach\sevent\.\s1\sdiffer,\s0\snot\sknown/);
  expect(await run('--by', 'canvas', '--all')).toMatch(/^Journey +\S+ +Email Send +2 +2 +0 +0 +-2$/m);
}, 60_000);
