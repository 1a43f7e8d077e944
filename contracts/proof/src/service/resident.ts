/** Samples of resident memory in the order in which they were taken, bytes. */
export class ResidentSamples {
  readonly #samples: number[] = [];

  add(bytes: number | undefined): void {
    if (bytes !== undefined) this.#samples.push(bytes);
  }

  /** Highest of the first and of the second half; zeros where the platform tells nothing. */
  peaks(): { first: number; second: number } {
    const middle = this.#samples.length >> 1;
    const peak = (samples: readonly number[]) => samples.reduce((most, sample) => Math.max(most, sample), 0);
    return { first: peak(this.#samples.slice(0, middle)), second: peak(this.#samples.slice(middle)) };
  }

  /** A sentence when the second half went a fifth, and 32 MB, above the first. A short run tells only how a process warms up. */
  growth(): string | undefined {
    if (this.#samples.length < leastSamples) return undefined;
    const { first, second } = this.peaks();
    if (second <= Math.max(first * 1.2, first + 32 * 1024 * 1024)) return undefined;
    return `resident memory grew from ${inMegabytes(first)} MB in the first half to ${inMegabytes(second)} MB in the second`;
  }
}

const leastSamples = 50;

export const inMegabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
