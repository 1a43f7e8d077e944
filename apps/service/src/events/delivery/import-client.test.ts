import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importClient } from './import-client.ts';
import { type MappedText, outboundEvents } from './outbound-event.ts';

function mappedOf(text: string, index: number): MappedText {
  const json = JSON.stringify({ event: text });
  const bytes = Buffer.byteLength(json);
  return { index, event: 'Email Send', time: 0, insertId: text, distinctId: '', json, bytes };
}

describe('a request to Mixpanel', () => {
  it('is one JSON array of the events, with any characters in them', async () => {
    let received = '';
    const send = importClient({
      mixpanel: {
        apiUrl: 'http://127.0.0.1:1',
        queryUrl: 'http://127.0.0.1:1',
        exportUrl: 'http://127.0.0.1:1',
        timeZone: 'UTC',
        region: 'us',
        projectId: undefined,
        credentialsExpire: undefined,
        importCredentials: { kind: 'project token', username: 'mixpanel-token', password: undefined },
        queryCredentials: undefined,
        ...{ projectToken: undefined, deletions: undefined },
      },
      timeoutMs: 60_000,
      fetch: async (_url, init) => {
        received = gunzipSync(init?.body as Uint8Array).toString();
        return Response.json({ code: 200 });
      },
      now: () => 0,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string({ unit: 'binary' }))),
        fc.func(fc.boolean()),
        async (rows, isSent) => {
          const sent = rows.flatMap(texts =>
            outboundEvents(texts.map(mappedOf)).filter(({ json }) => isSent(json)),
          );
          await send(sent, new AbortController().signal);
          expect(JSON.parse(received)).toEqual(sent.map(({ insertId }) => ({ event: insertId })));
        },
      ),
    );
  });
});
