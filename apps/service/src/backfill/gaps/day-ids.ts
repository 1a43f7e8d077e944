import { momentOf } from '../../reconcile/event-moment.ts';
import type { ExportedEvent } from '../../reconcile/raw-export.ts';
import { SeenSet } from '../../reconcile/seen-set.ts';
import { BackfillError } from '../backfill-error.ts';
import { eventKey } from '../event-key.ts';

/** The fields by which an event of a file is looked for in Mixpanel. */
export interface SoughtEvent {
  readonly insertId: string;
  /** Names under which a sender may have delivered it, the connection's own first. */
  readonly names: readonly string[];
  /** UNIX seconds. */
  readonly time: number;
  /** Empty for an event of no user. */
  readonly distinctId: string;
}

/**
 * Which events of one day's files Mixpanel has. First all events of the files are added, then all of Mixpanel;
 * only then an event can be found. Memory is bounded: 8 bytes a slot.
 *
 * An event of Mixpanel whose `$insert_id` no file has comes from another sender. It stands for an event of a
 * file that has its name, user and second, as the native integration delivers it.
 */
export class DayIds {
  readonly #day: string;
  readonly #inFiles: SeenSet;
  readonly #present: SeenSet;
  readonly #foreign: SeenSet;
  readonly #found: SeenSet;

  /**
   * @param day `YYYY-MM-DD`, for the error
   * @param places slots of each of its four sets, a power of two
   */
  constructor(day: string, places = 2 ** 22) {
    this.#day = day;
    this.#inFiles = new SeenSet(places);
    this.#present = new SeenSet(places);
    this.#foreign = new SeenSet(places);
    this.#found = new SeenSet(places);
  }

  /** @throws BackfillError if there are more than fit into memory */
  addOfFile({ insertId }: Pick<SoughtEvent, 'insertId'>): void {
    this.#add(this.#inFiles, insertId);
  }

  /** @throws BackfillError if there are more than fit into memory */
  addOfMixpanel(exported: ExportedEvent): void {
    if (this.#inFiles.has(exported.insertId)) this.#add(this.#present, exported.insertId);
    else this.#add(this.#foreign, momentOf(exported));
  }

  /**
   * What Mixpanel has of an event; `copies` where the same event was found before.
   *
   * @throws BackfillError if there are more than fit into memory
   */
  find({
    insertId,
    names,
    time,
    distinctId,
  }: SoughtEvent): 'present' | 'underAnotherId' | 'missing' | 'copies' {
    const [event = ''] = names;
    if (this.#add(this.#found, eventKey({ event, time, distinctId, insertId })) === 'seen') return 'copies';
    if (this.#present.has(insertId)) return 'present';
    // Nothing tells one event of no user from another.
    const isForeign =
      distinctId !== '' && names.some(event => this.#foreign.has(momentOf({ event, time, distinctId })));
    return isForeign ? 'underAnotherId' : 'missing';
  }

  #add(set: SeenSet, text: string): 'new' | 'seen' {
    const added = set.add(text);
    if (added !== 'full') return added;
    throw new BackfillError(
      `${this.#day} has more events than fit into memory. Choose some of them with events (--events), and repeat the search for the others.`,
    );
  }
}
