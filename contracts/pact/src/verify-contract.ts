/**
 * Replays a contract file against a provider. Rejects with one line per difference, and also if a state could
 * not be set up: Pact itself only prints that, and continues without the state.
 */
import { fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type PactFile, readPactFile, type StateParameters } from './pact-file.ts';
import type { Outcome, Question, Task } from './verifier-process.ts';

/** Sets up a state. The result replaces the examples of the request. */
export type StateHandler = (parameters: StateParameters) => Promise<Record<string, string> | undefined>;

export interface Verification {
  readonly file: string;
  readonly states: Readonly<Record<string, StateHandler>>;
  /** The address of the provider, or else the messages that it produces per state. */
  readonly provider:
    | { readonly url: string }
    | { readonly produce: (parameters: StateParameters) => unknown };
}

export async function verifyContract({ file, states, provider }: Verification): Promise<void> {
  const pact = await readPactFile(file);
  const faults = missingStates(pact, states).map(name => `There is no handler for the state "${name}".`);
  if (faults.length > 0) throw new Error(faults.join('\n'));

  const answer = async ({ ask, name, parameters }: Question): Promise<unknown> => {
    try {
      if (ask === 'state') return (await states[name]?.({ ...parameters })) ?? {};
      return 'produce' in provider ? provider.produce({ ...parameters }) : {};
    } catch (error) {
      faults.push(`"${name}" could not be set up: ${String(error)}`);
      return {};
    }
  };
  const outcome = await runVerifier(
    {
      file,
      url: 'url' in provider ? provider.url : undefined,
      states: Object.keys(states),
      messages: 'url' in provider ? [] : messagesOf(pact),
    },
    answer,
  );
  const found = outcome.kept ? faults : [...faults, ...outcome.differences];
  if (found.length > 0) throw new Error(`The contract is not kept.\n${found.join('\n')}`);
}

async function runVerifier(task: Task, answer: (question: Question) => Promise<unknown>): Promise<Outcome> {
  const verifier = idleVerifiers.pop() ?? new VerifierProcess();
  const outcome = await verifier.run(task, answer);
  idleVerifiers.push(verifier);
  return outcome;
}

/**
 * Idle verifier processes. Starting one takes longer than most tasks, so they are reused; they end with this
 * process.
 */
const idleVerifiers: VerifierProcess[] = [];

class VerifierProcess {
  readonly #process = fork(join(import.meta.dirname, 'verifier-process.ts'), [], {
    execArgv: ['--conditions=source', '--no-warnings'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  #errors = '';

  constructor() {
    this.#process.stderr?.setEncoding('utf8').on('data', text => {
      this.#errors = (this.#errors + text).slice(-2_000);
    });
  }

  async run(task: Task, answer: (question: Question) => Promise<unknown>): Promise<Outcome> {
    this.#keepsParentAlive(true);
    const verifier = this.#process;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const onMessage = async (message: Question | Outcome) => {
      if ('kept' in message) resolve(message);
      else verifier.send({ id: message.id, value: await answer(message) });
    };
    const onClose = () => reject(new Error(`Pact's verifier ended without a result: ${this.#errors}`));
    verifier.on('message', onMessage).on('close', onClose);
    verifier.send(task);
    try {
      return await promise;
    } finally {
      verifier.off('message', onMessage).off('close', onClose);
      this.#keepsParentAlive(false);
    }
  }

  #keepsParentAlive(does: boolean): void {
    const method = does ? 'ref' : 'unref';
    this.#process[method]();
    this.#process.channel?.[method]();
    (this.#process.stderr as Socket | null)?.[method]();
  }
}

function missingStates({ interactions }: PactFile, states: Verification['states']): string[] {
  const named = interactions.flatMap(({ providerStates = [] }) => providerStates.map(({ name }) => name));
  return [...new Set(named)].filter(name => !Object.hasOwn(states, name));
}

function messagesOf({ interactions }: PactFile): Task['messages'] {
  return interactions.map(({ description, providerStates: [state] = [] }) => ({
    description,
    parameters: state?.params ?? {},
  }));
}
