import { type MixpanelRegion, mixpanelHosts } from '@braze-mixpanel/core/mixpanel';
import type { SimRequest } from '@braze-mixpanel/simulator-kit';

/** The project and its credentials. The defaults are obvious fakes. */
export interface Project {
  readonly id: string;
  readonly token: string;
  readonly apiSecret: string;
  readonly serviceAccount: string;
  readonly serviceSecret: string;
  /** Where its data lives. Left out, it answers on the hosts of every region. */
  readonly region?: MixpanelRegion | undefined;
}

/** The project that a simulator has unless told otherwise. */
export const defaultProject: Project = {
  id: '12345',
  token: 'mixpanel-token',
  apiSecret: 'mixpanel-secret',
  serviceAccount: 'service-account',
  serviceSecret: 'service-secret',
};

const regionOfHost: ReadonlyMap<string, string> = new Map(
  Object.entries(mixpanelHosts).flatMap(([region, hosts]) =>
    [hosts.ingestion, hosts.query, hosts.export].map(origin => [new URL(origin).host, region] as const),
  ),
);

/** Whether a request came to a Mixpanel host of another region than the project's, where it is unknown. */
export function isElsewhere({ headers }: SimRequest, { region }: Project): boolean {
  const asked = regionOfHost.get((headers.host ?? '').toLowerCase());
  return region !== undefined && asked !== undefined && asked !== region;
}
