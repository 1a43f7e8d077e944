import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * `mixpanel-import` with the sink in the place of Mixpanel, whose address is fixed in its sources: it is
 * replaced as they are loaded. The address of the sink is the first argument.
 */
export interface PeerSettings {
  /** URL of its main module. */
  main: string;
  /** File with one event a line. */
  file: string;
}
export interface FromPeer {
  kind: 'done';
  /** From the start of the import to its end. */
  seconds: number;
}

const sink = process.argv[2]!;
registerHooks({
  load(url, context, next) {
    if (!url.includes('/mixpanel-import/')) return next(url, context);
    const loaded = next(url, context);
    const source = loaded.source ?? readFileSync(fileURLToPath(url));
    return { ...loaded, source: String(source).replaceAll('https://api.mixpanel.com', sink) };
  },
});

process.once('message', async ({ main, file }: PeerSettings) => {
  const { default: importFile } = (await import(main)) as {
    default: (credentials: object, file: string, options: object) => Promise<unknown>;
  };
  const begun = performance.now();
  await importFile({ token: 'mixpanel-token' }, file, {
    ...{ recordType: 'event', streamFormat: 'jsonl', compress: true, compressionLevel: 1 },
    ...{ strict: false, fixData: false, logs: false, verbose: false, showProgress: false, abridged: true },
  });
  process.send?.({ kind: 'done', seconds: (performance.now() - begun) / 1_000 } satisfies FromPeer);
});
process.on('disconnect', () => process.exit());
