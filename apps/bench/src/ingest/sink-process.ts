import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

/**
 * The minimal sink, in the role of Mixpanel: reads each `/import`, counts its events and answers 200 after
 * the delay given as first argument, in milliseconds. It sends its port to the parent, then the running count
 * after every request. It does not parse, since it shares two cores with the service under test. With
 * `closed` as the second argument it holds its answers until the parent opens it, and reports their number of
 * events.
 */
export type FromSink =
  | { kind: 'listening'; port: number }
  | { kind: 'held'; total: number }
  | { kind: 'imported'; total: number };

const MARK = Buffer.from('"$insert_id":');
// The callback receives the error if the parent has exited; `disconnect` then ends this process.
const sendMessage = (message: FromSink) => process.send?.(message, undefined, undefined, () => undefined);
const latencyMs = Number(process.argv[2] ?? 0);
let total = 0;
let held = 0;
let opened = process.argv[3] !== 'closed';
const { promise: opening, resolve: open } = Promise.withResolvers<void>();
process.on('message', () => {
  opened = true;
  open();
});

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const count = countEvents(gunzipSync(Buffer.concat(chunks)));
  if (!opened) {
    held += count;
    sendMessage({ kind: 'held', total: held });
    await opening;
  } else if (latencyMs > 0) await wait(latencyMs);
  total += count;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ code: 200, num_records_imported: count, status: 'OK' }));
  sendMessage({ kind: 'imported', total });
});

function countEvents(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(MARK); at !== -1; at = body.indexOf(MARK, at + MARK.length)) count++;
  return count;
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) sendMessage({ kind: 'listening', port: address.port });
});
process.on('disconnect', () => process.exit());
