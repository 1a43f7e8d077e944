import { catalogue2026_07, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { describe, expect, it } from 'vitest';
import { codecNames } from '../container/codecs.ts';
import { eventsOf, faultsOf, memoryFile, readAll } from '../testing/files.ts';
import { damageFile } from './damage-file.ts';
import { writeCurrentsFile } from './write-currents-file.ts';

const type = 'users.messages.email.Open';
const random = seededRandom(1);
const events = Array.from({ length: 60 }, () =>
  sampleEvent(catalogue2026_07.byType.get(type)!, { random, time: 1_780_000_000, externalUserId: 'ada' }),
);

describe.each(codecNames)('a damaged file with the codec %s', codec => {
  const file = () => writeCurrentsFile(type, events, { codec, blockSize: 2_000 });

  it.each(['corrupt', 'truncated'] as const)(
    'that is %s lacks the events of one block, as counted',
    async how => {
      const { bytes, unreadable } = await damageFile(await file(), how, random);
      const items = await readAll(memoryFile(bytes));
      expect(unreadable).toBeGreaterThan(0);
      expect(eventsOf(items)).toHaveLength(events.length - unreadable);
      expect(faultsOf(items)).toHaveLength(1);
    },
  );
});

it('a file without a block cannot be damaged', async () => {
  await expect(damageFile(await writeCurrentsFile(type, []), 'corrupt', random)).rejects.toThrow(/no block/);
  await expect(damageFile(Buffer.from('{}'), 'corrupt', random)).rejects.toThrow('This is no Avro file.');
});
