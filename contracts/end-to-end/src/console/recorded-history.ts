import { openStorage } from '@braze-mixpanel/storage';

const minuteMs = 60_000;
const lengths = { minute: minuteMs, hour: 60 * minuteMs } as const;

/** Writes figures of the last hours and days into an empty storage, with an outage of Mixpanel and a gap. */
export async function recordHistory(url: string): Promise<void> {
  const storage = await openStorage(url);
  for (const length of ['minute', 'hour'] as const) {
    const newest = Math.floor(Date.now() / lengths[length]) * lengths[length];
    for (let ago = 1; ago < 330; ago += 1) {
      // A restart of the service.
      if (ago > 12 && ago < 16) continue;
      const at = newest - ago * lengths[length];
      await storage.metricHistory.put({
        ...{ connection: 'default', length, at, revision: 0 },
        text: JSON.stringify(figuresOf(ago, lengths[length] / minuteMs)),
      });
    }
  }
  await storage.close();
}

/** Figures of a span that ended so many spans ago. */
function figuresOf(ago: number, minutes: number) {
  const accepted = Math.round((900 + 400 * Math.sin(ago / 9) + 120 * Math.sin(ago * 1.7)) * minutes);
  const isOut = ago > 30 && ago < 38;
  const backlog = isOut ? (38 - ago) * 900 : Math.round(20 + 15 * Math.sin(ago));
  const milliseconds = (bucket: number) => Math.round(bucket + 3 * Math.sin(ago / 2));
  return {
    accepted: [0, accepted],
    imported: [0, isOut ? 0 : accepted],
    backlog,
    deadLetters: ago < 25 ? 4 : 1,
    oldestSeconds: isOut ? (38 - ago) * 60 : 1,
    acknowledgement: [[milliseconds(30), 40]],
    import: isOut ? [] : [[milliseconds(56), 20]],
  };
}
