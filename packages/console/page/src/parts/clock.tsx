import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

/** The present time of the shown server, milliseconds since 1970: its clock may be simulated, or differ from this machine's. */
export const Now = createContext<number>(Date.now());
export const useNow = (): number => useContext(Now);

/** A value that changes every second while the page is visible. */
export function useTick(): number {
  const [tick, setTick] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setTick(Date.now());
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  return tick;
}

const zoneKey = 'time zone';
export type Zone = 'local' | 'UTC';

/** The chosen zone of exact times, kept for this tab. */
export const Zoned = createContext<{ zone: Zone; setZone: (zone: Zone) => void }>({
  zone: 'local',
  setZone: () => {},
});

export function useZoneState(): { zone: Zone; setZone: (zone: Zone) => void } {
  const [zone, set] = useState<Zone>(() => (sessionStorage.getItem(zoneKey) === 'UTC' ? 'UTC' : 'local'));
  const setZone = (chosen: Zone) => {
    sessionStorage.setItem(zoneKey, chosen);
    set(chosen);
  };
  return { zone, setZone };
}

/** An exact time, such as `2026-01-31 12:00:00 UTC`. */
export function exact(at: number, zone: Zone): string {
  const date = new Date(at);
  if (zone === 'UTC') return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  const offset = -date.getTimezoneOffset();
  const ahead = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')} ${ahead}`;
}
