import { type IngestFigures, measureIngest } from '../ingest/measure-ingest.ts';
import { quantile } from '../measure/quantile.ts';
import { EVENTS_PER_BATCH } from '../samples.ts';
import { type Peer, type PeerRun, runPeer } from './run-peer.ts';

export interface PeersOptions {
  /** Folder in which the peers are installed. */
  folder: string;
  /** Events of each run. */
  events: number;
  /** Turns of the service and each peer. */
  rounds: number;
  /** Connections of the load of the service. */
  connections: number;
  timeoutMs: number;
}

/** Medians over the rounds. */
export interface PeersFigures {
  events: number;
  rounds: number;
  service: ImporterFigures;
  peers: Record<
    Peer,
    ImporterFigures & { /** Rate of the service as a multiple, median of the rounds. */ ratio: number }
  >;
}

export interface ImporterFigures {
  eventsPerSecond: number;
  /** CPU of the process per event; `undefined` if the platform does not report it. */
  cpuMicros: number | undefined;
  peakBytes: number | undefined;
}

const peers = ['mixpanel-import', 'mixpanel'] as const;

/**
 * The service and each bulk importer in turns, with the same events and the same sink: the service receives them
 * by HTTP, writes each batch to disk and maps it; the importers have them mapped and in memory, and keep nothing.
 */
export async function measurePeers(options: PeersOptions): Promise<PeersFigures> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  const rounds: { service: PeerRun; peers: Record<Peer, PeerRun> }[] = [];
  const batches = Math.ceil(options.events / EVENTS_PER_BATCH);
  const events = batches * EVENTS_PER_BATCH;
  const run = (peer: Peer) => runPeer(options.folder, peer, batches, events, signal);
  for (let round = 0; round < options.rounds; round += 1) {
    const service = serviceRun(await measureIngest(ingestOptions(options)));
    rounds.push({
      service,
      peers: { 'mixpanel-import': await run('mixpanel-import'), mixpanel: await run('mixpanel') },
    });
  }
  const figuresOf = (runs: PeerRun[]): ImporterFigures => ({
    eventsPerSecond: median(runs.map(({ seconds }) => events / seconds)),
    cpuMicros: medianOf(runs, ({ cpuSeconds }) => cpuSeconds && (cpuSeconds * 1e6) / events),
    peakBytes: medianOf(runs, ({ peakBytes }) => peakBytes),
  });
  const ofPeer = (peer: Peer) => ({
    ...figuresOf(rounds.map(round => round.peers[peer])),
    ratio: median(rounds.map(round => round.peers[peer].seconds / round.service.seconds)),
  });
  return {
    ...{ events, rounds: options.rounds, service: figuresOf(rounds.map(({ service }) => service)) },
    peers: { 'mixpanel-import': ofPeer(peers[0]), mixpanel: ofPeer(peers[1]) },
  };
}

const ingestOptions = ({ events, connections, timeoutMs }: PeersOptions) => ({
  ...{ events, connections, timeoutMs, eventsPerBatch: EVENTS_PER_BATCH, rate: undefined },
  ...{ warmUpSeconds: 0, latencyMs: 0, storage: 'sqlite' as const, profileFolder: undefined },
});

const serviceRun = ({ importSeconds, service }: IngestFigures): PeerRun => ({
  ...{ seconds: importSeconds, cpuSeconds: service?.cpuSeconds, peakBytes: service?.peakBytes },
});

const median = (values: number[]) =>
  quantile(
    values.toSorted((one, other) => one - other),
    0.5,
  );

function medianOf(runs: PeerRun[], figure: (run: PeerRun) => number | undefined): number | undefined {
  const values = runs.map(figure).filter(value => value !== undefined);
  return values.length === 0 ? undefined : median(values);
}
