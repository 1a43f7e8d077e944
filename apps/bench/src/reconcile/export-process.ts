import { once } from 'node:events';
import { createServer } from 'node:http';
import { catalogue2022_06, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { referenceMapping } from '../ingest/reference-mapping.ts';

/**
 * The raw export of a project, in the role of Mixpanel: as many events on each day as the first argument says, one
 * JSON line each, of all event types with every listed property. Every other request is answered with an empty list.
 */
export type FromExport = { kind: 'listening'; port: number };

const eventsOfDay = Number(process.argv[2]);
const daySeconds = 86_400;
const linesAtOnce = 200;
const random = seededRandom(1);

/** JSON texts of events with a known name, without their time and IDs and the end. */
const mapping = referenceMapping(catalogue2022_06);
const samples = catalogue2022_06.entries
  .filter(({ naming }) => naming === undefined)
  .map(entry => {
    const text = mapping(sampleEvent(entry, { random, time: 1, externalUserId: 'ada' }));
    const { event, properties } = JSON.parse(text) as { event: string; properties: object };
    const {
      time: _time,
      $insert_id: _id,
      distinct_id: _user,
      ...rest
    } = properties as Record<string, unknown>;
    return JSON.stringify({ event, properties: rest }).slice(0, -2);
  });

const server = createServer(async (request, response) => {
  const { searchParams, pathname } = new URL(request.url ?? '', 'http://localhost');
  if (pathname !== '/api/2.0/export') return void response.end('{"results":[]}');
  const [from, to] = ['from_date', 'to_date'].map(name => Date.parse(searchParams.get(name) ?? '') / 1_000);
  for (let day = from!; day <= to!; day += daySeconds)
    for (let sent = 0; sent < eventsOfDay; sent += linesAtOnce) {
      let lines = '';
      for (let index = sent; index < Math.min(sent + linesAtOnce, eventsOfDay); index += 1) {
        const time = day + Math.floor((index / eventsOfDay) * daySeconds);
        const ids = `"distinct_id":"customer-${index % 100_000}","$insert_id":"${day}-${index}"`;
        lines += `${samples[index % samples.length]},"time":${time},${ids}}}\n`;
      }
      if (!response.write(lines)) await once(response, 'drain');
    }
  response.end();
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address !== 'object' || address === null) return;
  process.send?.({ kind: 'listening', port: address.port } satisfies FromExport);
});
process.on('disconnect', () => process.exit());
