import type { DeadLetterStore } from '@braze-mixpanel/storage';

const lettersAtOnce = 20;

/** All dead letters of a connection in pages, the newest first. Letters of a page may be removed before the next one. */
export async function* letterPages(
  connection: string,
  store: Pick<DeadLetterStore, 'list'>,
): AsyncGenerator<Awaited<ReturnType<DeadLetterStore['list']>>> {
  let before: number | undefined;
  for (;;) {
    const page = await store.list({
      connection,
      limit: lettersAtOnce,
      ...(before !== undefined && { before }),
    });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    before = last.id;
  }
}
