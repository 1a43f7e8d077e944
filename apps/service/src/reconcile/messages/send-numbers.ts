import { NotRead, type ReadAnalytics } from '../../vendor-http/braze-analytics.ts';
import type { BrazeNumbers } from '../braze/braze-numbers.ts';
import { type Period, readSend } from '../braze/read-messages.ts';
import type { Column } from '../explain/columns.ts';
import type { MessageTally } from './message-tally.ts';

/** Braze's number of an event of a send. */
export type ReadSends = (sendId: string, event: string) => Column;

export interface SendsRequest {
  readonly client: ReadAnalytics | string;
  readonly period: Period;
  readonly braze: Pick<BrazeNumbers, 'campaigns' | 'total'>;
  readonly messages: MessageTally;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** How long Braze keeps the numbers of a send. Source: Braze documentation, GET /sends/data_series, 2026. */
const keptMs = 14 * 86_400_000;
/** Most sends of one report, those with the most events: a tenth of the requests that a report may make. */
const mostSends = 500;

const tooOld = { notKnown: 'Braze keeps the numbers of a send for 14 days, and has none of this one.' };
const notApi = { notComparable: 'Braze has numbers of the sends of API campaigns alone.' };

/** Braze's own numbers of the sends that the raw export has. A send that cannot be read is not known, for its reason. */
export async function sendNumbers({
  client,
  period,
  braze,
  messages,
  now,
}: SendsRequest): Promise<ReadSends> {
  const { campaigns } = braze;
  if (typeof client === 'string') return () => ({ notKnown: client });
  if ('notKnown' in campaigns) return () => campaigns;
  const lastMs = Date.parse(period.days.at(-1)!) + 86_400_000;
  const events = new Map<string, { readonly campaignId: string; unique: number }>();
  for (const { of, id, campaignId, unique } of messages.counts()) {
    if (of !== 'send' || campaignId === undefined || !campaigns.get(campaignId)?.isApiCampaign) continue;
    const known = events.get(id) ?? { campaignId, unique: 0 };
    known.unique += unique;
    events.set(id, known);
  }
  const largest = [...events].sort(([, one], [, other]) => other.unique - one.unique).slice(0, mostSends);
  const reads = new Map<string, (event: string) => Column>();
  let failed: Column | undefined = now - lastMs > keptMs ? tooOld : undefined;
  for (const [id, { campaignId }] of largest) {
    const given = failed;
    if (given !== undefined) {
      reads.set(id, () => given);
      continue;
    }
    try {
      const numbers = await readSend(client, { campaign_id: campaignId, send_id: id }, period);
      reads.set(id, event => braze.total(event, numbers));
    } catch (error) {
      if (!(error instanceof NotRead)) throw error;
      const notKnown = error.isUnknown ? tooOld : { notKnown: error.message };
      reads.set(id, () => notKnown);
      if (!error.isUnknown) failed = notKnown;
    }
  }
  const others = { notKnown: `Only the ${mostSends} sends with the most events are read.` };
  return (id, event) => reads.get(id)?.(event) ?? (events.has(id) ? others : notApi);
}
