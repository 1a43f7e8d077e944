import type { NewPage } from '../../ports/index.ts';
import { bytesOf, textOf } from '../../testing/samples.ts';
import type { StorageUnderTest } from '../contract.ts';

export const pageOf = (page: number, changes: Partial<NewPage> = {}): NewPage => ({
  sync: 'default:1',
  session: 's1',
  action: 'members',
  page,
  total: 2,
  digest: `digest ${page}`,
  members: 3,
  withoutId: 1,
  body: bytesOf(`page ${page}`),
  ...changes,
});

export async function putPage({ cohorts }: StorageUnderTest, page: NewPage) {
  const stored = await cohorts.putPage(page);
  if (stored === undefined) throw new Error('There is one group too many.');
  return stored;
}

export async function createRun({ cohorts }: StorageUnderTest, ...chunks: string[]) {
  const run = await cohorts.createRun();
  await cohorts.appendChunks(chunks.map((text, position) => ({ run, position, body: bytesOf(text) })));
  return run;
}

export async function readRun({ cohorts }: StorageUnderTest, run: number, position = 0, limit = 10) {
  return (await cohorts.readChunks({ run, position, limit })).map(({ body }) => textOf(body));
}
