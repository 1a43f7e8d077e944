import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mappedBodies } from './mapped-events.ts';

/**
 * A bulk importer with the sink in the place of Mixpanel. Arguments: the address of the sink, the URL of the
 * importer's main module, and its events: a file with one event a line, or the number of batches of 100 events
 * of the ingest benchmark, mapped and in memory. It sends `ready`, and starts with the first message.
 */
export type FromPeer =
  | { kind: 'ready' }
  | { kind: 'done' /** From the start of the import to its end. */; seconds: number };

type Import = (events: string | object[]) => Promise<unknown>;

/** Requests of the SDK that are in flight together; it waits for all of them before it sends the next ones. */
const sdkRequests = 20;

const [sink, main, source] = process.argv.slice(2) as [string, string, string];
// The address of Mixpanel is fixed in the sources of mixpanel-import: it is replaced as they are loaded.
registerHooks({
  load(url, context, next) {
    if (!url.includes('/mixpanel-import/')) return next(url, context);
    const loaded = next(url, context);
    const text = loaded.source ?? readFileSync(fileURLToPath(url));
    return { ...loaded, source: String(text).replaceAll('https://api.mixpanel.com', sink) };
  },
});

const { default: library } = (await import(main)) as { default: unknown };
const importEvents: Import = main.includes('/mixpanel-import/')
  ? withImporter(library as ImporterLibrary)
  : withSdk(library as SdkLibrary);
const events = Number.isNaN(Number(source)) ? source : mappedBodies(Number(source));

process.once('message', async () => {
  const begun = performance.now();
  await importEvents(events);
  send({ kind: 'done', seconds: (performance.now() - begun) / 1_000 });
});
process.on('disconnect', () => process.exit());
send({ kind: 'ready' });

type ImporterLibrary = (credentials: object, events: string | object[], options: object) => Promise<unknown>;

function withImporter(library: ImporterLibrary): Import {
  return events =>
    library({ token: 'mixpanel-token' }, events, {
      ...{ recordType: 'event', compress: true, compressionLevel: 1, strict: false, fixData: false },
      ...{ logs: false, verbose: false, showProgress: false, abridged: true },
      ...(typeof events === 'string' && { streamFormat: 'jsonl' }),
    });
}

interface SdkLibrary {
  init(
    token: string,
    config: object,
  ): {
    import_batch(events: object[], options: object, callback: (errors?: unknown[]) => void): void;
  };
}

function withSdk(library: SdkLibrary): Import {
  const { hostname, port } = new URL(sink);
  const silent = () => undefined;
  const client = library.init('mixpanel-token', {
    ...{ host: hostname, port: Number(port), protocol: 'http', key: 'mixpanel-key' },
    logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
  });
  return events =>
    new Promise((resolve, reject) => {
      client.import_batch(events as object[], { max_concurrent_requests: sdkRequests }, errors => {
        const error = errors?.find(each => each != null);
        if (error === undefined) resolve(undefined);
        else reject(error);
      });
    });
}

function send(message: FromPeer): void {
  process.send?.(message);
}
