/** Numbers for people: rates with three decimals, milliseconds whole, "—" where there is nothing to measure. */

export const NOTHING = '—';

type Interval = readonly [number, number] | null;

/** `0.871`, or with its interval `0.871 [.842–.897]`. */
export function rate(value: number | null, interval: Interval = null): string {
  if (value === null) return NOTHING;
  const text = value.toFixed(3);
  return interval === null ? text : `${text} [${bare(interval[0])}–${bare(interval[1])}]`;
}

/** Milliseconds, whole: `340`, or with its interval `340 [320–360]`. */
export function milliseconds(value: number | null, interval: Interval = null): string {
  if (value === null) return NOTHING;
  const text = whole(value);
  return interval === null ? text : `${text} [${whole(interval[0])}–${whole(interval[1])}]`;
}

/** One decimal: events per hour or minute. */
export function perTime(value: number | null, interval: Interval = null): string {
  if (value === null) return NOTHING;
  const text = value.toFixed(1);
  return interval === null ? text : `${text} [${interval[0].toFixed(1)}–${interval[1].toFixed(1)}]`;
}

/** A threshold as it was asked for: at least two decimals, no rounding away of a quantile. */
export function threshold(value: number): string {
  const short = value.toFixed(2);
  return Number(short) === value ? short : String(value);
}

/** `90 s`, `24.0 min`, `7.3 h`. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** `1 conversation`, `6 conversations`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Compute seconds per audio second, two significant digits: `0.018`. */
export function realTimeFactor(value: number): string {
  if (value === 0) return '0';
  return value >= 0.1 ? value.toFixed(2) : value.toFixed(Math.min(6, 1 - Math.floor(Math.log10(value))));
}

/** Milliseconds that may be far below one: two decimals, or three significant digits below 1: `12.60`, `0.118`. */
export function fineMilliseconds(value: number | null): string {
  if (value === null) return NOTHING;
  if (value >= 1 || value === 0) return value.toFixed(2);
  return value.toFixed(Math.min(9, 2 - Math.floor(Math.log10(value))));
}

/** Per second: one decimal, whole from a thousand on. */
export function throughput(value: number | null): string {
  if (value === null) return NOTHING;
  return value.toFixed(value >= 1000 ? 0 : 1);
}

/** Without the leading zero, so that an interval stays short. */
function bare(value: number): string {
  return value.toFixed(3).replace(/^(-?)0\./, '$1.');
}

function whole(value: number): string {
  const rounded = Math.round(value);
  return String(rounded === 0 ? 0 : rounded);
}

type Unit = 'rate' | 'ms' | 'per_hour' | 'per_minute';

/** A value in the digits of its unit. */
export function inUnit(value: number | null, unit: Unit): string {
  if (unit === 'rate') return rate(value);
  return unit === 'ms' ? milliseconds(value) : perTime(value);
}

/** A difference, with its sign: `+0.012`, `-20`, `0.000`. */
export function signed(value: number | null, unit: Unit): string {
  const text = inUnit(value, unit);
  if (Number(text) === 0) return text.replace('-', '');
  return value === null || value < 0 ? text : `+${text}`;
}
