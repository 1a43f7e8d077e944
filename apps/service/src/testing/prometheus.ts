import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeNeeding } from '@braze-mixpanel/storage/testing';
import { stringify } from 'yaml';
import { Scrape } from './scrape.ts';

const run = promisify(execFile);

/** A suite that needs `promtool`, which is part of Prometheus. */
export function describeWithPromtool(name: string, suite: () => void): void {
  const there = spawnSync('promtool', ['--version']).status === 0;
  const missing = there
    ? undefined
    : 'promtool was not found; install Prometheus (Debian: apt-get install prometheus)';
  describeNeeding({ name: 'promtool', requiredBy: 'REQUIRE_PROMTOOL', missing }, name, suite);
}

/** The alerts that fire at a moment, in scrapes since the first one; `among` ignores all others. */
export interface Expectation {
  readonly at: number;
  readonly firing: readonly string[];
  /** Alerts that may fire or not. */
  readonly tolerated?: readonly string[];
}

/**
 * Scrapes of a service at equal distances, as Prometheus would record them. Times in the samples count from
 * the first scrape, since promtool's time begins with zero.
 */
export class Scrapes {
  readonly #stepSeconds: number;
  readonly #startSeconds: number;
  readonly #hasBuckets: boolean;
  readonly #series = new Map<string, Map<number, number>>();
  #count = 0;

  /** @param hasBuckets whether buckets of histograms are recorded, too */
  constructor(start: number, stepMs: number, hasBuckets = false) {
    this.#hasBuckets = hasBuckets;
    this.#startSeconds = start / 1_000;
    this.#stepSeconds = stepMs / 1_000;
  }

  /** Scrapes so far. */
  get count(): number {
    return this.#count;
  }

  add(text: string): void {
    for (const { name, labels, value } of new Scrape(text).samples) {
      if (!name.startsWith('braze_mixpanel_') && !(this.#hasBuckets && name.startsWith('process_'))) continue;
      if (name.endsWith('_bucket') && !this.#hasBuckets) continue;
      const written = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
      const key = `${name}{${written.join(',')}}`;
      const series = this.#series.get(key) ?? new Map<number, number>();
      series.set(this.#count, name.endsWith('_timestamp_seconds') ? value - this.#startSeconds : value);
      this.#series.set(key, series);
    }
    this.#count += 1;
  }

  /**
   * Evaluates the rules on the scrapes with promtool. @throws Error with the differences that promtool found
   */
  async check(rules: string, expectations: readonly Expectation[]): Promise<void> {
    const promql_expr_test = expectations.map(({ at, firing, tolerated = [] }) => ({
      expr: `count by (alertname) (ALERTS{alertstate="firing", alertname!~"${tolerated.join('|')}"})`,
      eval_time: `${at * this.#stepSeconds}s`,
      exp_samples: firing.map(name => ({ labels: `{alertname="${name}"}`, value: 1 })),
    }));
    await this.#run({ rule_files: [rules], promql_expr_test });
  }

  /** Runs queries at the last scrape. @throws Error with those that promtool cannot run, or that find nothing */
  async checkQueries(queries: readonly string[]): Promise<void> {
    const promql_expr_test = queries.map(query => ({
      expr: `count(${query}) > bool 0`,
      eval_time: `${(this.#count - 1) * this.#stepSeconds}s`,
      exp_samples: [{ labels: '{}', value: 1 }],
    }));
    await this.#run({ rule_files: [], promql_expr_test });
  }

  async #run({ rule_files, promql_expr_test }: { rule_files: string[]; promql_expr_test: unknown[] }) {
    const folder = await mkdtemp(join(tmpdir(), 'promtool-'));
    try {
      const file = join(folder, 'alerts.test.yaml');
      const interval = `${this.#stepSeconds}s`;
      const tests = [{ interval, input_series: this.#inputs(), promql_expr_test }];
      await writeFile(file, stringify({ rule_files, evaluation_interval: interval, tests }));
      await run('promtool', ['test', 'rules', file], { maxBuffer: 64_000_000 });
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`promtool: ${stderr || stdout || String(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #inputs() {
    return [...this.#series].map(([series, samples]) => ({
      series,
      values: Array.from({ length: this.#count }, (_, at) => samples.get(at) ?? '_').join(' '),
    }));
  }
}
