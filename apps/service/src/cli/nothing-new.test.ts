import { expect, it } from 'vitest';
import { nothingNew } from './nothing-new.ts';

const none = { read: 0, damaged: 0, already: 0, passedOver: 0, unreadable: 0, other: 0 };
const textOf = (files: Partial<typeof none>, isDryRun = false) =>
  nothingNew({ source: '/exports', isDryRun, report: { files: { ...none, ...files } } as never });

it.each([
  [{}, 'There are no files in /exports. Check the address; hidden files and links are left out.'],
  [{ already: 2_000 }, 'No new events: all 2,000 files were read by an earlier back-fill.'],
  [{ already: 1 }, 'No new events: the only file was read by an earlier back-fill.'],
  [
    { passedOver: 3 },
    'No new events: all 3 files were left out, since by the path no event in them is wanted.',
  ],
  [{ unreadable: 1 }, 'No new events: the only file was not readable.'],
  [{ read: 1, damaged: 1 }, 'No new events: all 2 files were read now, without an event that is sent.'],
  [
    { other: 2, already: 1 },
    'No new events: of 3 files, 1 was read by an earlier back-fill; 2 were not Avro.',
  ],
  [
    { already: 40, unreadable: 1, read: 1 },
    'No new events: of 42 files, 40 were read by an earlier back-fill; 1 was not readable; 1 was read now, without an event that is sent.',
  ],
])('A back-fill that found nothing says what became of its files: %j', (files, text) => {
  expect(textOf(files)).toBe(text);
});

it('A dry run that found nothing says what would not be sent', () => {
  expect(textOf({ read: 2 }, true)).toBe(
    'No new events: all 2 files were read now, without an event that would be sent.',
  );
});
