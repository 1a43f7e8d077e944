import { isLoopbackName } from '@braze-mixpanel/core/http';
import { about } from '../app/about.ts';
import { Chip } from './chip.tsx';

interface FarProps {
  /** What a simulator would send there. */
  readonly what: string;
  readonly to: string;
}

/** Warns that a simulator sends to another machine. It does: an address may be that of a proxy, or a vendor's own. */
export const Far = ({ what, to }: FarProps) => (
  <span>
    <Chip tone="warn">Not on this machine</Chip> The simulator will send {what} to {to}.
  </span>
);

/** The same for an address; nothing for one of this machine or of a shown server, and for text that is no address. */
export function farAddress(of: string | undefined, what: string) {
  if (of === undefined || !URL.canParse(of)) return undefined;
  const { hostname, host } = new URL(of);
  const isShown = about().servers.some(({ url }) => url !== undefined && new URL(url).host === host);
  return hostname === '' || isLoopbackName(hostname) || isShown ? undefined : <Far what={what} to={host} />;
}

/** What a connection to Braze and a Current send. */
export const sentMembers = 'the data import key and the IDs of members';
export const sentEvents = 'events with their credentials';
