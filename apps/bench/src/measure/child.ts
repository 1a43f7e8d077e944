import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';

/**
 * A child process of the benchmark with a message channel. It ends with the scope in which it was started.
 */
export interface Child<Message> extends AsyncDisposable {
  readonly pid: number;
  send(message: object): void;
  /** Subscribes to all further messages. */
  each(listener: (message: Message) => void): void;
  /** The next message that `select` accepts. Rejects if the process ends first or `signal` is aborted. */
  next<Chosen extends Message>(
    select: (message: Message) => message is Chosen,
    signal: AbortSignal,
  ): Promise<Chosen>;
}

/** The time limit of a run ended before the work did. */
export class OutOfTime extends Error {
  override name = 'OutOfTime';
}

export function startChild<Message extends { kind: string }>(file: URL, args: string[] = []): Child<Message> {
  const child = fork(file, args, { execArgv: ['--conditions=source'] });
  return {
    pid: child.pid!,
    send: message => void child.send(message),
    each: listener => void child.on('message', message => listener(message as Message)),
    next: (select, signal) => nextMessage(child, file, select, signal),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

function nextMessage<Message, Chosen extends Message>(
  child: ChildProcess,
  file: URL,
  select: (message: Message) => message is Chosen,
  signal: AbortSignal,
): Promise<Chosen> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const onMessage = (message: unknown) => {
      if (select(message as Message)) settle(() => resolve(message as Chosen));
    };
    const onExit = (code: number) =>
      settle(() => reject(new Error(`${basename(file.pathname)} ended with ${code}`)));
    const onAbort = () =>
      settle(() =>
        reject(new OutOfTime(`${basename(file.pathname)} did not end in time; increase --timeout`)),
      );
    if (signal.aborted) return onAbort();
    child.on('message', onMessage);
    child.on('exit', onExit);
    signal.addEventListener('abort', onAbort);
  });
}
