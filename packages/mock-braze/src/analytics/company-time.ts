/** Days and hours of the company, whose time zone is the setting `timeZone`. */
import { type ProjectTimeZone, projectTimeZone } from '@braze-mixpanel/core/mixpanel';

const hourSeconds = 3_600;

export class CompanyTime {
  readonly #name: () => string;
  #zone: { readonly name: string; readonly times: ProjectTimeZone } | undefined;

  /** @param name of the present time zone. */
  constructor(name: () => string) {
    this.#name = name;
  }

  /** Number of days from 1970-01-01 to the day that the company's clocks show. */
  dayOf(milliseconds: number): number {
    return Math.floor(this.hourOf(milliseconds) / 24);
  }

  /** Number of hours from 1970-01-01T00:00 to the hour that the clocks show. */
  hourOf(milliseconds: number): number {
    return Math.floor(this.#times().toLocal(Math.floor(milliseconds / 1_000)) / hourSeconds);
  }

  /** ISO 8601 of an hour of the clocks, with their offset from UTC: `2026-01-15T12:00:00+05:30`. */
  shownHour(hour: number): string {
    const local = hour * hourSeconds;
    const minutes = Math.round((local - this.#times().toUtc(local)) / 60);
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    return `${localHour(hour)}${minutes < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`;
  }

  #times(): ProjectTimeZone {
    const name = this.#name();
    if (this.#zone?.name !== name) this.#zone = { name, times: projectTimeZone(name) };
    return this.#zone.times;
  }
}

/** What the clocks show at an hour, without a zone. */
export function localHour(hour: number): string {
  return new Date(hour * hourSeconds * 1_000).toISOString().slice(0, 19);
}

const twoDigits = (number: number) => String(number).padStart(2, '0');
