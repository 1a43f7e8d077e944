/** What `about.json` says: the shown servers, and texts that come from the packages. */

export interface Server {
  /** Name in addresses and in the navigation. */
  readonly name: string;
  readonly kind: 'simulator' | 'service';
  /** Beginning of its API, relative to the address of the console. */
  readonly api: string;
  /** Address at which the other servers reach it, where that is known. */
  readonly url?: string;
}

interface Reason {
  readonly meaning: string;
  readonly next: string;
}

/** What a rule of the mapping does, the section of `docs/mapping.md` that has it, and the vendor's page. */
interface Rule {
  readonly does: string;
  readonly section: string;
  readonly source: string | null;
}

export interface About {
  readonly servers: readonly Server[];
  readonly asksForToken: boolean;
  readonly hasDeliveryReport: boolean;
  /** Token with which Currents reach the service of a sandbox. */
  readonly currentsToken?: string;
  /** Keys with which a Mixpanel Export reaches the mock-mixpanel of a sandbox. */
  readonly mixpanelKeys?: { readonly apiSecret: string; readonly token: string };
  /** Number of newest events that the mock-mixpanel of a sandbox keeps; absent where it keeps all. */
  readonly keptEvents?: number;
  /** Event types by catalogue version. */
  readonly eventTypes: Readonly<Record<string, readonly string[]>>;
  /** Meanings of the mapping's reasons, by their code. */
  readonly reasons: Readonly<Record<string, Reason>>;
  /** The rules of the mapping, by their code. */
  readonly rules: Readonly<Record<string, Rule>>;
}

let known: About | undefined;

/** Loads it once, before the first view. @throws Error if the server does not answer. */
export async function loadAbout(): Promise<About> {
  const answer = await fetch(new URL('about.json', document.baseURI));
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  known = (await answer.json()) as About;
  return known;
}

/** The loaded answer. */
export function about(): About {
  if (known === undefined) throw new Error('about.json is not loaded.');
  return known;
}
