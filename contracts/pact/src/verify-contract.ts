/**
 * Replays a contract file against a provider. Rejects with one line for each difference, and also where a state could not be
 * brought about: Pact itself only prints that, and goes on without the state.
 */
import { Verifier, type VerifierOptions } from '@pact-foundation/pact';
import { type PactFile, readPactFile, type StateParameters } from './pact-file.ts';
import './without-telemetry.ts';

/** Brings a state about; what it resolves to takes the place of examples in the request. */
export type StateHandler = (parameters: StateParameters) => Promise<Record<string, string> | undefined>;

export interface Verification {
  readonly file: string;
  readonly states: Readonly<Record<string, StateHandler>>;
  /** Where the provider listens; or else what it produces in a state. */
  readonly provider:
    | { readonly url: string }
    | { readonly produce: (parameters: StateParameters) => unknown };
}

export async function verifyContract({ file, states, provider }: Verification): Promise<void> {
  const pact = await readPactFile(file);
  const faults = missingStates(pact, states).map(
    name => `there is no way to bring about the state "${name}"`,
  );
  if (faults.length > 0) throw new Error(faults.join('\n'));

  const noted = (name: string, handler: StateHandler) => async (parameters?: unknown) => {
    try {
      return (await handler({ ...(parameters as StateParameters | undefined) })) ?? {};
    } catch (error) {
      faults.push(`the state "${name}" could not be brought about: ${String(error)}`);
      return {};
    }
  };
  const differences = await differencesOf({
    ...('url' in provider
      ? { providerBaseUrl: provider.url, requestFilter: resendForm }
      : { messageProviders: producers(pact, provider.produce) }),
    pactUrls: [file],
    stateHandlers: Object.fromEntries(
      Object.entries(states).map(([name, each]) => [name, noted(name, each)]),
    ),
    logLevel: 'error',
  });
  if (faults.length + differences.length > 0) throw new Error([...faults, ...differences].join('\n'));
}

function missingStates({ interactions }: PactFile, states: Verification['states']): string[] {
  const named = interactions.flatMap(({ providerStates = [] }) => providerStates.map(({ name }) => name));
  return [...new Set(named)].filter(name => !Object.hasOwn(states, name));
}

function producers({ interactions }: PactFile, produce: (parameters: StateParameters) => unknown) {
  return Object.fromEntries(
    interactions.map(({ description, providerStates: [state] = [] }) => [
      description,
      () => Promise.resolve(produce(state?.params ?? {})),
    ]),
  );
}

/** Pact's proxy sends a form on as JSON, cut to the length of the form. This makes it a form again. */
const resendForm: NonNullable<VerifierOptions['requestFilter']> = (request, _response, next) => {
  if (request.is('application/x-www-form-urlencoded') && !Buffer.isBuffer(request.body)) {
    request.body = Buffer.from(new URLSearchParams(request.body).toString());
    request.headers['content-length'] = String(request.body.length);
  }
  next();
};

/** As much of Pact's result as is told. */
interface Failure {
  readonly interaction: string;
  readonly mismatch: {
    readonly mismatches?: readonly { readonly mismatch: string; readonly path?: string }[];
  };
}

async function differencesOf(options: VerifierOptions): Promise<string[]> {
  try {
    await new Verifier(options).verifyProvider();
    return [];
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('{')) throw error;
    const { errors } = JSON.parse(error.message) as { errors: readonly Failure[] };
    return errors.flatMap(({ interaction, mismatch }) =>
      (mismatch.mismatches ?? [{ mismatch: JSON.stringify(mismatch) }]).map(
        ({ mismatch: text, path = '' }) => `${interaction}: ${path} ${text}`,
      ),
    );
  }
}
