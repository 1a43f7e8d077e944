import type { Worker } from 'node:worker_threads';

/**
 * The files that the thread which builds the page posts, by path. Ends the thread.
 *
 * @throws Error if it ends without them: its own error, or its exit code
 */
export async function filesOf(builder: Worker): Promise<ReadonlyMap<string, Uint8Array>> {
  const built = Promise.withResolvers<ReadonlyMap<string, Uint8Array>>();
  builder
    .once('message', built.resolve)
    .once('error', built.reject)
    .once('exit', code =>
      built.reject(
        new Error(
          `The thread that builds the console's page ended early (exit code ${code}). Load the page again.`,
        ),
      ),
    );
  return built.promise.finally(() => builder.terminate());
}
