/**
 * Runs Pact's verifier in a process of its own: its native part writes a long report straight to standard output, which would bury
 * those of the tests. States and messages are asked for over the channel to the process that started this one.
 */
import { Verifier, type VerifierOptions } from '@pact-foundation/pact';
import './without-telemetry.ts';

/** What is to be verified; one task at a time. */
export interface Task {
  readonly file: string;
  /** Where the provider listens; absent where it produces messages. */
  readonly url: string | undefined;
  readonly states: readonly string[];
  /** Each message with the parameters of its state. */
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

/** As much of Pact's result as is told. */
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

/** Pact's proxy sends a form on as JSON, cut to the length of the form. This makes it a form again. */
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

/** Without the words that are the same for all of a file: what is left are states and description. */
const nameOf = (interaction: string) => interaction.replace(/^Verifying a pact between \S+ and \S+ /, '');

process.on('message', async (message: Task | { id: number; value: never }) => {
  if ('id' in message) return answers.get(message.id)?.(message.value);
  process.send?.(await verify(message));
});
process.on('disconnect', () => process.exit());
