import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { batchOf, emailSend, nested } from '../../src/testing/events.ts';
import type { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import type { RunningService } from '../../src/testing/running-service.ts';
import { expectConservation, startServiceAndMixpanel } from '../../src/testing/service-and-mixpanel.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
startServiceAndMixpanel(started => {
  ({ service, mixpanel } = started);
});

describe('an unusual but valid event arrives', () => {
  const arrives = async (event: { id: string }) => {
    expect((await service.post(batchOf(event))).status).toBe(200);
    const status = await service.settled();
    return { event: mixpanel.unique.get(event.id), notes: status.notes };
  };

  it('an unknown field: sent without it, and counted', async () => {
    const { event, notes } = await arrives(
      emailSend({ properties: { campaign_id: 'c', brand_new: 1 }, surprise: {} }),
    );
    expect(event?.properties).toMatchObject({ campaign_id: 'c' });
    expect(event?.properties).not.toHaveProperty('brand_new');
    expect(notes.unlisted).toBeGreaterThan(0);
  });

  it('a property nested ten levels deep: flattened below the third', async () => {
    const { event } = await arrives(
      emailSend({
        event_type: 'users.behaviors.CustomEvent',
        properties: { name: 'Deep', custom_properties: { a: nested(10) } },
      }),
    );
    expect(JSON.stringify(event)).toContain('"deep"');
  });

  it('lone surrogates: sent as U+FFFD', async () => {
    const { event } = await arrives(emailSend({ properties: { campaign_name: 'half \ud83d smile' } }));
    expect(event?.properties.campaign_name).toBe('half \ufffd smile');
  });

  it('bytes that are not UTF-8: decoded as U+FFFD', async () => {
    const event = emailSend({ properties: { campaign_name: 'BYTE' } });
    const body = Buffer.from(JSON.stringify(batchOf(event)));
    body[body.indexOf('BYTE')] = 0xff;
    expect((await service.post(new Uint8Array(body))).status).toBe(200);
    await service.settled();
    expect(mixpanel.unique.get(event.id)?.properties.campaign_name).toBe('\ufffdYTE');
  });

  it('__proto__ keys: ordinary data, and no prototype changes', async () => {
    const id = emailSend().id;
    const body = `{"events":[{"__proto__":{"polluted":true},"event_type":"users.behaviors.CustomEvent","id":"${id}","time":1700000000,"user":{"external_user_id":"u"},"properties":{"name":"Proto","custom_properties":{"__proto__":{"polluted":true},"constructor":"c"}}}]}`;
    expect((await service.post(body)).status).toBe(200);
    await service.settled();
    expect(JSON.stringify(mixpanel.unique.get(id))).toContain('[Custom event property] __proto__');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('duplicate ids, in one batch and over two: one event in Mixpanel', async () => {
    const event = emailSend();
    await service.post(batchOf(event, event));
    await service.post(batchOf(event));
    await service.settled();
    const sent = mixpanel.stored.filter(({ properties }) => properties.$insert_id === event.id);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(each => JSON.stringify(each))).size).toBe(1);
  });

  it('any content type, gzip and deflate, a byte order mark', async () => {
    const events = [emailSend(), emailSend()];
    await service.post(`\ufeff${JSON.stringify(batchOf(events[0]))}`, {
      headers: { 'content-type': 'text/plain' },
    });
    await service.post(gzipSync(JSON.stringify(batchOf(events[1]))), {
      headers: { 'content-encoding': 'gzip' },
    });
    await service.settled();
    for (const { id } of events) expect(mixpanel.unique.has(id)).toBe(true);
  });

  it('an external id that looks like a placeholder: delivered, and shown as a sample', async () => {
    const user = (external_user_id: string) => emailSend({ user: { external_user_id } });
    const before = (await service.connection()).imported;
    await service.post(batchOf(user('[object Object]'), user('ada-%%user_id%%'), user('[object Object]')));
    const { imported, notes, delivery } = await service.settled();
    expect(imported).toBe(before + 3);
    expect(notes.placeholderIds).toBe(3);
    expect(delivery?.placeholderIds).toEqual([
      { id: '[object Object]', events: 2 },
      { id: '%%user_id%%', events: 1 },
    ]);
    const metrics = await (await service.get('/metrics')).text();
    expect(metrics).toContain('mapping_notes_total{connection="default",note="placeholderIds"} 3');
  });

  it('a user whose external id is blank: skipped, and counted', async () => {
    const before = (await service.connection()).skipped.no_external_user_id ?? 0;
    const blanks = ['   ', '\t', '\u00a0', '\ufeff'];
    await service.post(batchOf(...blanks.map(external_user_id => emailSend({ user: { external_user_id } }))));
    expect((await service.settled()).skipped.no_external_user_id).toBe(before + blanks.length);
  });

  it('a user without external id: skipped, and counted', async () => {
    const before = await service.connection();
    await service.post(batchOf(emailSend({ user: { user_id: 'braze-only' } }), emailSend({ user: null })));
    const { skipped } = await service.settled();
    expect(skipped.no_external_user_id).toBe((before.skipped.no_external_user_id ?? 0) + 2);
  });
});

it('accepted = imported + skipped + dead-lettered + pending, after all of this', async () => {
  await expectConservation(service, 15);
});
