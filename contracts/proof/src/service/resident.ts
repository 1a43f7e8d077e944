/** Samples of resident memory in bytes, in chronological order. */
export class ResidentSamples {
  readonly #samples: number[] = [];

  add(bytes: number | undefined): void {
    if (bytes !== undefined) this.#samples.push(bytes);
  }

  /** The maxima of the first and second half; zeros if the platform reports none. */
  peaks(): { first: number; second: number } {
    const middle = this.#samples.length >> 1;
    const peak = (samples: readonly number[]) => samples.reduce((most, sample) => Math.max(most, sample), 0);
    return { first: peak(this.#samples.slice(0, middle)), second: peak(this.#samples.slice(middle)) };
  }

  /**
   * A sentence if the second half exceeds the first by a fifth and 32 MB. A short run only shows the warm-up
   * of a process.
   */
  growth(): string | undefined {
    if (this.#samples.length < leastSamples) return undefined;
    const { first, second } = this.peaks();
    if (second <= Math.max(first * 1.2, first + 32 * 1024 * 1024)) return undefined;
    return `resident memory grew from ${inMegabytes(first)} MB in the first half to ${inMegabytes(second)} MB in the second`;
  }
}

const leastSamples = 50;

export const inMegabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
