/** What the worker is started with. */
export interface WorkerSettings {
  /** Path of the file, or `:memory:`. */
  file: string;
  /** Upper bound of the file in bytes; past it appends are refused as on a full disk. */
  maxBytes: number | undefined;
  /** Free disk in bytes that appends leave for deliveries. */
  minFreeBytes: number;
}
