import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

/**
 * The minimal sink, in the role of Mixpanel: reads each `/import`, compressed or as the form that Mixpanel's SDK
 * sends, counts its events and answers 200 after the delay given as first argument, in milliseconds. It sends its port to the parent, then the running count
 * after every request. It does not parse, since it shares two cores with the service under test. With
 * `closed` as the second argument it holds its answers until the parent opens it, and reports their number of
 * events.
 */
export type FromSink =
  | { kind: 'listening'; port: number }
  | { kind: 'held'; total: number }
  | { kind: 'imported'; total: number }
  /** The answer to any message of the parent. */
  | { kind: 'counted'; total: number };

const FORM = Buffer.from('data=');
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
  sendMessage({ kind: 'counted', total });
});

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const isForm = body.subarray(0, FORM.length).equals(FORM);
  const count = countEvents(isForm ? eventsOfForm(body) : gunzipSync(body));
  if (!opened) {
    held += count;
    sendMessage({ kind: 'held', total: held });
    await opening;
  } else if (latencyMs > 0) await wait(latencyMs);
  total += count;
  response.setHeader('content-type', 'application/json');
  response.end(isForm ? '1' : JSON.stringify({ code: 200, num_records_imported: count, status: 'OK' }));
  sendMessage({ kind: 'imported', total });
});

/** The SDK sends base64 in a form without escapes. */
const eventsOfForm = (body: Buffer): Buffer =>
  Buffer.from(body.subarray(FORM.length).toString('latin1'), 'base64');

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
