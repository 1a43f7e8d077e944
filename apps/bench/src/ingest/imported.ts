type Status = { connections: Record<string, { imported: number } | undefined> };

/** Imported events of a queue, from `/status`; 0 for one that has none yet. */
export async function importedOf(url: string, queue: string, signal: AbortSignal): Promise<number> {
  const { connections } = (await (await fetch(`${url}/status`, { signal })).json()) as Status;
  return connections[queue]?.imported ?? 0;
}
