import { afterEach, beforeEach, describe } from 'vitest';
import type {
  BatchOutcome,
  ConnectionCounts,
  LeasedBatch,
  LeaseRequest,
  NewDeadLetter,
  Storage,
} from '../ports/index.ts';
import { crash, type StorageHarness } from '../testing/harness.ts';
import { batchOf, imported, textOf, wholeQueue } from '../testing/samples.ts';

export type CreateHarness = () => Promise<StorageHarness>;

/** The tests of one subject, which every storage engine passes: they are the contract. */
export type Contract = (createHarness: CreateHarness) => void;

/** A contract whose tests each get a new, empty storage. */
export function contract(subject: string, tests: (storage: StorageUnderTest) => void): Contract {
  return createHarness =>
    describe(subject, () => {
      const storage = new StorageUnderTest();
      beforeEach(async () => storage.create(await createHarness()));
      afterEach(() => storage.dispose());
      tests(storage);
    });
}

/** The storage of the test that runs, with the steps that many tests share. */
export class StorageUnderTest {
  #harness!: StorageHarness;
  #storage!: Storage;

  async create(harness: StorageHarness) {
    this.#harness = harness;
    await this.open();
  }
  async dispose() {
    await this.close();
    await this.#harness.dispose();
  }

  get journal() {
    return this.#storage.journal;
  }
  get deadLetters() {
    return this.#storage.deadLetters;
  }
  get cohorts() {
    return this.#storage.cohorts;
  }
  get audit() {
    return this.#storage.audit;
  }
  get backfills() {
    return this.#storage.backfills;
  }
  get firstSeen() {
    return this.#storage.firstSeen;
  }
  get standingFailures() {
    return this.#storage.standingFailures;
  }

  get mappingHistory() {
    return this.#storage.mappingHistory;
  }
  get metricHistory() {
    return this.#storage.metricHistory;
  }
  get reconciliations() {
    return this.#storage.reconciliations;
  }
  get jobDocuments() {
    return this.#storage.jobDocuments;
  }
  get brazeUsers() {
    return this.#storage.brazeUsers;
  }
  get receipts() {
    return this.#storage.receipts;
  }
  get tombstones() {
    return this.#storage.tombstones;
  }
  get idSummaries() {
    return this.#storage.idSummaries;
  }
  get leasesSurviveCrash() {
    return this.#harness.leasesSurviveCrash;
  }
  probe = () => this.#storage.probe();
  sweep: Storage['sweep'] = limits => this.#storage.sweep(limits);

  async open() {
    this.#storage = await this.#harness.open();
  }
  close = () => this.#storage.close();
  /** Ends the storage as a crash would. */
  lose = () => crash(this.#harness, this.#storage);

  async reopen() {
    await this.close();
    await this.open();
  }
  async crash() {
    await this.lose();
    await this.open();
  }

  async append(...texts: string[]) {
    for (const text of texts) await this.journal.append(batchOf(text));
  }
  lease = (request: Partial<LeaseRequest> = {}): Promise<LeasedBatch[]> =>
    this.journal.lease({ ...wholeQueue, ...request });

  async leasedTexts(request: Partial<LeaseRequest> = {}) {
    return (await this.lease(request)).map(({ body }) => textOf(body));
  }
  async leaseOne() {
    const [row] = await this.lease({ maxRows: 1 });
    if (row === undefined) throw new Error('There is nothing to lease.');
    return row;
  }
  /** Appends and completes a batch of one event, imported unless the outcome differs. */
  async deliver(outcome: Partial<BatchOutcome> = {}, keep = false) {
    await this.append('x');
    const row = await this.leaseOne();
    await this.journal.complete('deliverer-1', [{ ...imported(row), ...outcome }], { keep });
  }
  async addDeadLetters(connection: string, deadLetters: NewDeadLetter[]) {
    await this.journal.append(batchOf('x', { connection, events: deadLetters.length }));
    const [row] = await this.lease({ connection });
    await this.journal.complete('deliverer-1', [{ ...imported(row!), imported: 0, deadLetters }]);
  }
  /** The counts of the connection `default`. */
  async counts(): Promise<ConnectionCounts> {
    return (await this.journal.counts()).default!;
  }
}
