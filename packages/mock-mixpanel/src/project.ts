import { type MixpanelRegion, mixpanelHosts } from '@braze-mixpanel/core/mixpanel';
import type { SimRequest } from '@braze-mixpanel/simulator-kit';

/** The project and its credentials. The defaults are obvious fakes. */
export interface Project {
  readonly id: string;
  readonly token: string;
  readonly apiSecret: string;
  readonly serviceAccount: string;
  readonly serviceSecret: string;
  /** The GDPR OAuth token of the project's owner. */
  readonly oauthToken: string;
  /** Region of its data. By default it answers on the hosts of every region. */
  readonly region?: MixpanelRegion | undefined;
}

/** The default project of a simulator. */
export const defaultProject: Project = {
  id: '12345',
  token: 'mixpanel-token',
  apiSecret: 'mixpanel-secret',
  serviceAccount: 'service-account',
  serviceSecret: 'service-secret',
  oauthToken: 'mixpanel-oauth-token',
};

const regionOfHost: ReadonlyMap<string, string> = new Map(
  Object.entries(mixpanelHosts).flatMap(([region, hosts]) =>
    [hosts.ingestion, hosts.query, hosts.export].map(origin => [new URL(origin).host, region] as const),
  ),
);

/** Whether a request was sent to a Mixpanel host of another region, where the project is unknown. */
export function isElsewhere({ headers }: SimRequest, { region }: Project): boolean {
  const asked = regionOfHost.get((headers.host ?? '').toLowerCase());
  return region !== undefined && asked !== undefined && asked !== region;
}

/**
 * From this time on Mixpanel keeps no event that was sent to a US host for a project of another region: hidden at
 * first, lost since 2026-08-01. Source: Mixpanel documentation, "EU Data Residency", read 2026-08, about EU projects; India is a choice of the simulator. Some projects
 * had until the end of 2026, which the simulator does not implement.
 */
export const forwardingEnd = Date.parse('2026-07-01T00:00:00Z');

/** Whether a request for a project of another region was sent to a US host, which used to forward it. */
export function isOnUsHost(request: SimRequest, project: Project): boolean {
  const asked = regionOfHost.get((request.headers.host ?? '').toLowerCase());
  return asked === 'us' && isElsewhere(request, project);
}
