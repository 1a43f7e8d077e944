import { fdatasync, open, writev } from 'node:fs';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

/**
 * The baseline of the acknowledgement: an HTTP server that appends each body to a file, synchronises it and
 * answers, and does nothing else. Bodies that arrive during an fsync share the next one. Argument: the path
 * of the file.
 */
export type FromBareServer = { kind: 'listening'; port: number };

interface Waiting {
  chunks: Buffer[];
  answer: () => void;
}

const file = await promisify(open)(process.argv[2]!, 'a');
let waiting: Waiting[] = [];
let writing = false;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    waiting.push({ chunks, answer: () => response.end('{}') });
    if (!writing) void writeWaiting();
  });
});

async function writeWaiting(): Promise<void> {
  writing = true;
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    await promisify(writev)(
      file,
      group.flatMap(({ chunks }) => chunks),
    );
    await promisify(fdatasync)(file);
    for (const { answer } of group) answer();
  }
  writing = false;
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null)
    process.send?.({ kind: 'listening', port: address.port } satisfies FromBareServer);
});
process.on('disconnect', () => process.exit());
