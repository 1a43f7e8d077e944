import type { SourceFile } from '@braze-mixpanel/currents-files';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { newFiles } from './new-files.ts';

const file = fc.record({
  path: fc.nat(60).map(String),
  size: fc.constant(1),
  version: fc.constantFrom('v1', 'v2'),
  modifiedAt: fc.nat(5),
});

async function* listOf(files: readonly SourceFile[]) {
  yield* files;
}

it('Every file that is new or has changed is found once, in order of arrival, however few are kept at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 40 }),
      fc.array(
        fc.record({ path: fc.nat(60).map(String), version: fc.constantFrom('v1', 'v2'), done: fc.boolean() }),
      ),
      fc.integer({ min: 1, max: 5 }),
      async (files, stored, most) => {
        const known = new Map(stored.map(each => [each.path, each]));
        const source = { list: () => listOf(files) };
        const found: SourceFile[] = [];
        for (let more = true; more; ) {
          const next = await newFiles(source, async () => known, found.at(-1), most);
          expect(next.files.length).toBeLessThanOrEqual(most);
          found.push(...next.files);
          more = next.more;
        }
        const isNew = ({ path, version }: SourceFile) =>
          !(known.get(path)?.done === true && known.get(path)?.version === version);
        expect(found.map(({ path }) => path).sort()).toEqual(
          files
            .filter(isNew)
            .map(({ path }) => path)
            .sort(),
        );
        const times = found.map(({ modifiedAt }) => modifiedAt);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      },
    ),
  );
});
