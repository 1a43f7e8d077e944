/**
 * Runs Pact's verifier in a child process, since its native part writes a long report directly to standard
 * output, which would bury the reports of the tests. States and messages are requested from the parent over
 * the message channel.
 */
import { Verifier, type VerifierOptions } from '@pact-foundation/pact';
import './without-telemetry.ts';

/** The contract to verify; one task at a time. */
export interface Task {
  readonly file: string;
  /** The address of the provider; absent if it produces messages. */
  readonly url: string | undefined;
  readonly states: readonly string[];
  /** Each message, with the parameters of its state. */
  readonly messages: readonly { readonly description: string; readonly parameters: object }[];
}

/** Answered by `{ id, value }`. */
export interface Question {
  readonly id: number;
  readonly ask: 'state' | 'message';
  readonly name: string;
  readonly parameters: object;
}

export type Outcome =
  | { readonly kept: true }
  | { readonly kept: false; readonly differences: readonly string[] };

/** The used part of Pact's result. */
interface Failure {
  readonly interaction: string;
  readonly mismatch: {
    readonly mismatches?: readonly { readonly mismatch: string; readonly path?: string }[];
  };
}

const answers = new Map<number, (value: never) => void>();

function ask<T>(kind: Question['ask'], name: string, parameters: object): Promise<T> {
  const id = answers.size;
  const question: Question = { id, ask: kind, name, parameters };
  return new Promise<T>(resolve => {
    answers.set(id, resolve);
    process.send?.(question);
  });
}

/** Pact's proxy forwards a form as JSON, cut to the length of the form. This restores the form. */
const resendForm: NonNullable<VerifierOptions['requestFilter']> = (request, _response, next) => {
  if (request.is('application/x-www-form-urlencoded') && !Buffer.isBuffer(request.body)) {
    request.body = Buffer.from(new URLSearchParams(request.body).toString());
    request.headers['content-length'] = String(request.body.length);
  }
  next();
};

async function verify({ file, url, states, messages }: Task): Promise<Outcome> {
  const verifier = new Verifier({
    ...(url !== undefined && { providerBaseUrl: url, requestFilter: resendForm }),
    messageProviders: Object.fromEntries(
      messages.map(({ description, parameters }) => [
        description,
        () => ask<object>('message', description, parameters),
      ]),
    ),
    stateHandlers: Object.fromEntries(
      states.map(name => [
        name,
        (parameters?: unknown) => ask<Record<string, string>>('state', name, { ...(parameters as object) }),
      ]),
    ),
    pactUrls: [file],
    logLevel: 'error',
  });
  try {
    await verifier.verifyProvider();
    return { kept: true };
  } catch (error) {
    return { kept: false, differences: differencesOf(error) };
  }
}

function differencesOf(error: unknown): string[] {
  const text = error instanceof Error ? error.message : String(error);
  if (!text.startsWith('{')) return [text];
  const { errors } = JSON.parse(text) as { errors: readonly Failure[] };
  return errors.flatMap(({ interaction, mismatch }) =>
    (mismatch.mismatches ?? [{ mismatch: JSON.stringify(mismatch) }]).map(each =>
      [`${nameOf(interaction)}:`, each.path, each.mismatch].filter(Boolean).join(' '),
    ),
  );
}

/** Without the text common to all cases of a file; states and description remain. */
const nameOf = (interaction: string) => interaction.replace(/^Verifying a pact between \S+ and \S+ /, '');

process.on('message', async (message: Task | { id: number; value: never }) => {
  if ('id' in message) return answers.get(message.id)?.(message.value);
  process.send?.(await verify(message));
});
process.on('disconnect', () => process.exit());
