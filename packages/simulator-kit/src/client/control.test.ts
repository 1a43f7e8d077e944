import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import {
  controlRoutes,
  documented,
  errorSchema,
  type Listening,
  listen,
  respond,
  withBody,
} from '../index.ts';
import { simulatorOf } from '../testing/simulator-of.ts';
import {
  ControlCallError,
  type ControlClient,
  controlClient,
  type DeclarationsOf,
  type SharedRoutes,
} from './index.ts';

let server: Listening;
let control: ControlClient;
let notes: unknown = { written: 'at the start' };
beforeAll(async () => {
  const simulator = simulatorOf({
    name: 'mock-notes',
    routes: [
      { id: 'write', method: 'POST', path: '/notes', rules: [], handle: () => respond(201, { ok: true }) },
    ],
    state: {
      get: () => notes,
      put: state => {
        notes = state;
      },
      reset: () => {
        notes = { written: 'at the start' };
      },
    },
  });
  server = await listen(simulator, { begin: { written: 'in a file' } });
  control = controlClient(`${server.url}/`);
});
afterAll(() => server.close());
beforeEach(() => control.reset());

const write = (text: string) =>
  fetch(`${server.url}/notes`, { method: 'POST', body: JSON.stringify({ text }) });

describe('the control client', () => {
  it('reads and restores the state, and resets to the state the simulator began with', async () => {
    expect(await control.snapshot()).toEqual({ written: 'in a file' });
    await control.restore({ written: 'since' });
    expect(await control.snapshot()).toEqual({ written: 'since' });
    await control.reset();
    expect(await control.snapshot()).toEqual({ written: 'in a file' });
    expect(await control.health()).toMatchObject({ status: 'ok', name: 'mock-notes' });
  });

  it('finds, counts and verifies requests', async () => {
    await write('milk');
    await write('bread');
    expect(await control.count({ contains: 'milk' })).toBe(1);
    expect((await control.requests({ route: 'write', limit: 1 }))[0]?.body).toBe('{"text":"bread"}');
    expect(await control.verify({ body: { text: 'milk' }, count: 1 })).toMatchObject({ verified: true });
    await expect(control.verify({ body: { text: 'eggs' } })).rejects.toThrow(
      'body.text: expected "eggs", was "bread"',
    );
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a pattern', () => control.verify({ route: 'wirte', count: 0 }), 'Known are: write.'],
    ['a count', () => control.count({ route: 'wirte' }), 'Known are: write.'],
    ['a list', () => control.requests({ route: 'wirte' }), 'Known are: write.'],
    [
      'a verdict',
      () => control.count({ verdict: 'acepted' as 'accepted' }),
      'verdict must be one of: accepted',
    ],
    ['a span', () => control.verify({ count: { min: 2, max: 1 } }), 'must not have min over max'],
  ])('rejects %s that no request could match', async (_, ask, why) => {
    await expect(ask()).rejects.toThrow(why);
  });

  it('adds and removes faults', async () => {
    const { id } = await control.faults.add({ route: 'write', kind: 'status', status: 503, for: '10m' });
    expect((await write('milk')).status).toBe(503);
    await control.clock.advance('10m');
    expect((await write('milk')).status).toBe(201);
    expect(await control.faults.list()).toMatchObject([{ id, struck: 1 }]);
    await control.faults.remove(id);
    await control.faults.clear();
    expect(await control.faults.list()).toEqual([]);
  });

  it('moves the clock', async () => {
    await control.clock.set('2027-01-01T00:00:00Z');
    expect(await control.clock.advance(1_000)).toMatchObject({ iso: '2027-01-01T00:00:01.000Z' });
    expect((await control.clock.run()).frozen).toBe(false);
    expect((await control.clock.freeze()).frozen).toBe(true);
    expect((await control.clock.read()).frozen).toBe(true);
  });

  it('streams each request as it is answered, until the reader stops', async () => {
    const stream = control.stream();
    const first = stream.next();
    // A new entry reaches only connected readers, so this writes until one is connected.
    let heard = false;
    void first.then(() => {
      heard = true;
    });
    while (!heard) await write('milk');
    expect((await first).value).toMatchObject({ route: 'write', status: 201, verdict: 'accepted' });
    expect(await stream.return()).toEqual({ done: true, value: undefined });
  });

  it('rejects with the sentence of the simulator, the request and the status', async () => {
    const wrong = control.request('POST faults', { body: { route: 'write' } as never });
    await expect(wrong).rejects.toThrow(ControlCallError);
    await expect(wrong).rejects.toMatchObject({
      status: 400,
      request: `POST ${server.url}/_sim/faults`,
      body: { error: expect.any(String) },
      message: expect.stringContaining('/_sim/faults was answered 400: The body of POST /_sim/faults is not'),
    });
  });

  it.each(['', '.', '..'])('rejects the ID %j, which an address cannot contain', async id => {
    await control.faults.add({ route: 'write', kind: 'latency', milliseconds: 0 });
    await expect(control.faults.remove(id)).rejects.toThrow(
      `DELETE faults/:id needs a value of :id other than "${id}"`,
    );
    expect(await control.faults.list()).toHaveLength(1);
  });

  it('names the address if there is no server, another one, or a page', async () => {
    await expect(controlClient('http://127.0.0.1:1').health()).rejects.toThrow('Is that server running?');
    await expect(controlClient('nowhere').health()).rejects.toThrow('GET nowhere/_sim/health got no answer');
    const answering = (answer: Response) =>
      controlClient('http://another.test', { fetch: async () => answer }).health();
    await expect(answering(new Response('<p>Hello</p>'))).rejects.toThrow('the address of a simulator?');
    await expect(answering(new Response('Not here', { status: 404 }))).rejects.toThrow(
      'GET http://another.test/_sim/health was answered 404: Not here',
    );
  });

  it('sends a token and other headers with every request, streams included', async () => {
    const sent: (string | null)[][] = [];
    const { health, stream } = controlClient('http://another.test', {
      token: 'a-token-of-the-test',
      headers: { 'X-Workspace': 'brand-b' },
      fetch: async (url, init) => {
        const { headers } = new Request(url, init);
        sent.push([headers.get('authorization'), headers.get('x-workspace')]);
        return Response.json({});
      },
    });
    await health();
    await stream().next();
    expect(sent).toEqual(Array(2).fill(['Bearer a-token-of-the-test', 'brand-b']));
  });

  it('calls routes of a simulator of your own by their declared types', async () => {
    const notes = () =>
      controlRoutes({
        'PUT notes/:name': documented(
          'Writes a note.',
          { 201: z.object({ name: z.string(), lines: z.int() }), 409: errorSchema },
          withBody(z.strictObject({ text: z.string().default('') }), {}, ({ text }, { params }) =>
            respond(201, { name: params.name, lines: text.split('\n').length }),
          ),
        ),
        'GET notes': { query: ['after'], handle: ({ query }) => respond(200, [query.get('after')]) },
      });
    await using own = await listen(simulatorOf({ control: notes() }));
    const { request } = controlClient<SharedRoutes & DeclarationsOf<typeof notes>>(own.url);
    const written = await request('PUT notes/:name', { params: { name: 'a/b ä' }, body: { text: 'a\nb' } });
    expectTypeOf(written).toEqualTypeOf<{ name: string; lines: number }>();
    expect(written).toEqual({ name: 'a/b ä', lines: 2 });
    const listed = await request('GET notes', { query: { after: 'a&b' } });
    expectTypeOf(listed).toEqualTypeOf<unknown>();
    expect(listed).toEqual(['a&b']);
  });
});
