import prettyBytes from 'pretty-bytes';
import type { CommonArguments } from '../measure/finish.ts';
import { type Line, ratio, report, whole } from '../measure/report.ts';
import { atLeast, type Measured } from '../measure/result.ts';
import { type ImporterFigures, measurePeers, type PeersFigures } from './measure-peers.ts';

/** Options of `bench peers`. */
export interface PeersArguments extends CommonArguments {
  events: number;
  rounds: number;
  connections: number;
  timeout: number;
}

/**
 * The rate of the service is at least that of mixpanel-import. The SDK has no mark: it does not compress, which
 * costs nothing between processes of one machine, and sends several times the bytes.
 */
const PEER_MARK = 1;

/** Measures the service beside bulk importers. @throws Error if one is not installed, or events are missing */
export async function peers(folder: string, given: PeersArguments): Promise<Measured> {
  const { events, rounds, connections } = given;
  const options = { folder, events, rounds, connections };
  const figures = await measurePeers({ ...options, timeoutMs: given.timeout * 1_000 });
  const { ratio } = figures.peers['mixpanel-import'];
  const marks = [atLeast('rate of the service by mixpanel-import', ratio, PEER_MARK)];
  return { bench: 'peers', options, figures, marks, text: peersReport(figures) };
}

function peersReport({ events, rounds, service, peers }: PeersFigures): string {
  const line = (name: string, { eventsPerSecond, cpuMicros, peakBytes }: ImporterFigures, of = ''): Line => [
    name,
    `${whole(eventsPerSecond)}/s`,
    [
      cpuMicros === undefined ? 'CPU not reported' : `CPU ${cpuMicros.toFixed(1)} µs per event`,
      peakBytes === undefined ? 'memory not reported' : `peak memory ${prettyBytes(peakBytes)}`,
      of,
    ].join(', '),
  ];
  return report(`Peers: ${whole(events)} events, ${rounds} rounds in turns, medians`, [
    line('the service', service, 'each batch on disk, and mapped'),
    line('mixpanel-import', peers['mixpanel-import'], 'mapped events from memory, nothing on disk'),
    line('mixpanel, import_batch', peers.mixpanel, 'the same, not compressed'),
    ...Object.entries(peers).map(
      ([name, each]): Line => [`the service by ${name}`, ratio(each.ratio), `mark ${ratio(PEER_MARK)}`],
    ),
  ]);
}
