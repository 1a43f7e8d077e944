import { expect, it } from 'vitest';
import { readCurrentsFile } from './read-currents-file.ts';
import { writeCurrentsFile } from './write/write-currents-file.ts';

const type = 'users.messages.email.Open';
const eventOf = (id: string) => ({
  ...{ event_type: type, id, time: 1_780_000_000 },
  ...{ user: { user_id: 'b', external_user_id: 'u' }, properties: {} },
});

it('Reading resumes behind the first 2 GiB of a file, at exact positions, with one block in memory at a time', async () => {
  const header = await writeCurrentsFile(type, []);
  const block = (await writeCurrentsFile(type, [eventOf('e')])).subarray(header.length);
  // Both files have their own sync marker: that of the header ends each block.
  block.set(header.subarray(-16), block.length - 16);
  const from = 3 * 2 ** 30;
  let sent = 0;
  const file = {
    path: 'large.avro',
    async *open(position: number) {
      if (position === 0) yield header;
      else
        for (let index = 0; index < 1_000; index += 1) {
          sent += 1;
          yield block;
        }
    },
  };
  let read = 0;
  for await (const item of readCurrentsFile(file, { from })) {
    if (item.kind !== 'events') expect.fail(item.message);
    read += item.events.length;
    expect(item.offset).toBe(from + (read - 1) * block.length);
    expect(item.resumeAt).toBe(from + read * block.length);
    expect(sent - read).toBeLessThan(100);
  }
  expect(read).toBe(1_000);
});
