/** The thread that builds the page in memory and posts its files, as a map of paths to bytes. */
import { parentPort } from 'node:worker_threads';
import { build } from 'vite';
import config from './vite.config.ts';

const result = await build({
  ...config,
  configFile: false,
  logLevel: 'silent',
  build: { ...config.build, write: false },
});
const encoder = new TextEncoder();
const outputs = [result].flat().flatMap(each => ('output' in each ? each.output : []));
parentPort?.postMessage(
  new Map(
    outputs.map(each => {
      const content = each.type === 'chunk' ? each.code : each.source;
      return [each.fileName, typeof content === 'string' ? encoder.encode(content) : content];
    }),
  ),
);
