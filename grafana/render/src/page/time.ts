// Ranges and steps, as Grafana chooses them.
import { dateMath, dateTime, rangeUtil, type TimeRange } from '@grafana/data';
import type { Dashboard } from '@grafana/schema';

export const timeZone = 'browser';

/** The scrape interval of the data source in provisioning/. */
export const scrapeSeconds = 15;

const units: [name: string, seconds: number][] = [
  ['d', 86400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/** 7200 is now-2h. */
function ago(seconds: number): string {
  const [name, size] = units.find(([, size]) => seconds % size === 0) ?? ['s', 1];
  return `now-${seconds / size}${name}`;
}

/** The dashboard's own range, or the last so many seconds. */
export function rangeOf(dashboard: Dashboard, seconds: number): TimeRange {
  const raw = seconds
    ? { from: ago(seconds), to: 'now' }
    : { from: dashboard.time?.from ?? 'now-6h', to: dashboard.time?.to ?? 'now' };
  // Both ends are of the same moment: labels of the axis depend on whether the range is a day or a little more.
  const now = Date.now();
  const moment = (text: string, roundUp: boolean) => dateMath.toDateTime(text, { now, roundUp }) ?? dateTime(now);
  return { from: moment(raw.from, false), to: moment(raw.to, true), raw };
}

export const secondsOf = ({ from, to }: TimeRange): number => Math.round((to.valueOf() - from.valueOf()) / 1000);

/** About one point a pixel, and no finer than data are scraped, or than the panel says. */
export function stepSeconds(range: TimeRange, pixels: number, atLeast?: string): number {
  return rangeUtil.calculateInterval(range, Math.floor(pixels), atLeast ?? `${scrapeSeconds}s`).intervalMs / 1000;
}

/** $__rate_interval: it holds two samples, even where one scrape is late. */
export const rateSeconds = (step: number): number => Math.max(step + scrapeSeconds, 4 * scrapeSeconds);

/** Ends of a graph lie on multiples of its step. */
export const aligned = (milliseconds: number, step: number): number => Math.floor(milliseconds / 1000 / step) * step;
