/** Days and hours of the company, whose time zone is the setting `timeZone`. */
import { type ProjectTimeZone, projectTimeZone } from '@braze-mixpanel/core/mixpanel';

export class CompanyTime {
  readonly #name: () => string;
  #zone: { readonly name: string; readonly times: ProjectTimeZone } | undefined;

  /** @param name of the present time zone. */
  constructor(name: () => string) {
    this.#name = name;
  }

  /** Number of days from 1970-01-01 to the day that the company's clocks show. */
  dayOf(milliseconds: number): number {
    return Math.floor(this.#times().toLocal(Math.floor(milliseconds / 1_000)) / 86_400);
  }

  #times(): ProjectTimeZone {
    const name = this.#name();
    if (this.#zone?.name !== name) this.#zone = { name, times: projectTimeZone(name) };
    return this.#zone.times;
  }
}
