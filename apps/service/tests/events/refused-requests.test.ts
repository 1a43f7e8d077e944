import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import type { RunningService } from '../../src/testing/running-service.ts';
import { startServiceAndMixpanel } from '../../src/testing/service-and-mixpanel.ts';

let service: RunningService;
startServiceAndMixpanel(started => {
  ({ service } = started);
});

const errorOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...error };
};

describe('a request that is wrong as a whole is refused, and nothing of it is kept', () => {
  it('without a token: 401', async () => {
    const response = await service.post(batchOf(emailSend()), { headers: { authorization: '' } });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await errorOf(response)).toMatchObject({ status: 401, code: 'token_missing' });
  });

  it('with a wrong token: 401, for any body', async () => {
    const overTheLimit = ' '.repeat(2 * 1024 * 1024 + 1);
    for (const body of ['', '{}', '{', batchOf(emailSend()), overTheLimit]) {
      const response = await service.post(body, { headers: { authorization: 'Bearer wrong' } });
      expect(await errorOf(response)).toMatchObject({ status: 401, code: 'token_refused' });
    }
  });

  it('for a connection that does not exist: 404', async () => {
    const response = await service.post(batchOf(emailSend()), { path: '/currents/brand-z' });
    expect(await errorOf(response)).toMatchObject({ status: 404, code: 'unknown_connection' });
  });

  it.each([
    ['not JSON', '{"events":[', 'body_not_json'],
    ['an array', '[]', 'events_not_an_array'],
    ['one event without its batch', '{"event_type":"users.messages.email.Send"}', 'event_without_batch'],
    ['events that are no array', '{"events":{"0":{}}}', 'events_not_an_array'],
  ])('with a body that is %s: 400, with what was expected', async (_what, body, code) => {
    const error = await errorOf(await service.post(body));
    expect(error).toMatchObject({ status: 400, code });
    expect(error.message).toContain('Expected a JSON object {"events":[…]}');
  });

  it.each([
    ['events', `{"events":[${'1,'.repeat(200_000)}1]}`, 'too_many_events'],
    ['values', `{"events":[{"a":[${'0,'.repeat(1_000_000)}0]}]}`, 'too_many_values'],
  ])('with more %s than memory is meant for: 413, which makes Braze split it', async (_what, body, code) => {
    const headers = { 'content-encoding': 'gzip' };
    const response = await service.post(gzipSync(body), { headers });
    expect(await errorOf(response)).toMatchObject({ status: 413, code });
  });

  it('over the body limit: 413, with or without an announced length', async () => {
    const large = batchOf(emailSend({ properties: { campaign_name: 'x'.repeat(2 * 1024 * 1024) } }));
    expect(await errorOf(await service.post(large))).toMatchObject({ status: 413, code: 'body_too_large' });
    const chunked = await fetch(`${service.service.url}/currents`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-currents-token' },
      body: new Blob([JSON.stringify(large)]).stream(),
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
  });

  it('that inflates to more than the body limit: 413', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, ' '));
    const response = await service.post(bomb, { headers: { 'content-encoding': 'gzip' } });
    expect(await errorOf(response)).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  it.each(['gzip', 'x-gzip', 'deflate', 'identity'])(
    'but for the credential check that an empty body is, also with Content-Encoding: %s',
    async encoding => {
      const response = await service.post('', { headers: { 'content-encoding': encoding } });
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ accepted: 0 });
      const chunked = await fetch(`${service.service.url}/currents`, {
        method: 'POST',
        headers: { authorization: 'Bearer test-currents-token', 'content-encoding': encoding },
        body: new Blob([]).stream(),
        duplex: 'half',
      });
      expect(chunked.status).toBe(200);
    },
  );

  it('with a body that does not match its encoding: 400; with an unknown encoding: 415', async () => {
    const broken = await service.post('{"events":[]}', { headers: { 'content-encoding': 'gzip' } });
    expect(await errorOf(broken)).toMatchObject({ status: 400, code: 'body_not_decodable' });
    const unknown = await service.post('{"events":[]}', { headers: { 'content-encoding': 'snappy' } });
    expect(await errorOf(unknown)).toMatchObject({ status: 415, code: 'encoding_unknown' });
  });

  it('with another method: 405; at another address: 404', async () => {
    const method = await service.get('/currents');
    expect(method.headers.get('allow')).toBe('POST');
    expect(await errorOf(method)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(await errorOf(await service.get('/nothing'))).toMatchObject({ status: 404, code: 'not_found' });
    expect(await errorOf(await service.post('{}', { path: '/currents/%' }))).toMatchObject({ status: 400 });
  });

  it('that breaks off in the middle', async () => {
    const socket = connect(service.service.port, '127.0.0.1');
    await new Promise<void>(resolve =>
      socket.write(
        'POST /currents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer test-currents-token\r\nContent-Length: 900\r\n\r\n{"events":[{}',
        () => resolve(),
      ),
    );
    socket.destroy();
    expect((await service.get('/healthz')).status).toBe(200);
  });

  it('so that none of these was accepted', async () => {
    expect(await service.connection()).toMatchObject({
      accepted: 0,
      deadLettered: {},
      pending: { events: 0 },
    });
  });
});

describe('a credential probe', () => {
  it.each(['', '{}', '{"events":[]}'])(
    'with the body %j is answered 200, and nothing is stored',
    async body => {
      const before = await service.connection();
      const response = await service.post(body);
      expect({ status: response.status, body: await response.json() }).toEqual({
        status: 200,
        body: { accepted: 0 },
      });
      expect((await service.connection()).accepted).toBe(before.accepted);
    },
  );
});
