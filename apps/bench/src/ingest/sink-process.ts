import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

/**
 * The least that can stand for Mixpanel: reads each `/import`, counts its events and answers 200, after the milliseconds that its
 * argument says. Tells the parent its port, then the running count after every request. It does not parse: it shares two cores with what is
 * measured. With `closed` as the second argument it keeps its answers back until it is told to open, and tells how many events they are for.
 */
export type FromSink =
  | { kind: 'listening'; port: number }
  | { kind: 'held'; total: number }
  | { kind: 'imported'; total: number };

const MARK = Buffer.from('"$insert_id":');
// The callback takes the error of a parent that is gone already; `disconnect` ends this process then.
const tell = (message: FromSink) => process.send?.(message, undefined, undefined, () => undefined);
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
    tell({ kind: 'held', total: held });
    await opening;
  } else if (latencyMs > 0) await wait(latencyMs);
  total += count;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ code: 200, num_records_imported: count, status: 'OK' }));
  tell({ kind: 'imported', total });
});

function countEvents(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(MARK); at !== -1; at = body.indexOf(MARK, at + MARK.length)) count++;
  return count;
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) tell({ kind: 'listening', port: address.port });
});
process.on('disconnect', () => process.exit());
