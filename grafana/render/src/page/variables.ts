// What stands for $name in expressions and texts.
import type { TimeRange } from '@grafana/data';
import type { Dashboard } from '@grafana/schema';

import { rateSeconds, secondsOf } from './time.ts';

export type Variables = Record<string, string>;

/** What is chosen at the top of the dashboard when it is opened, and the range. */
export function variablesOf(dashboard: Dashboard, range: TimeRange): Variables {
  const chosen = (dashboard.templating?.list ?? []).map(({ name, allValue, current }): [string, string] => {
    const value = [current?.value ?? ''].flat().join('|');
    return [name, value === '$__all' ? (allValue ?? '.*') : value];
  });
  const seconds = secondsOf(range);
  return {
    ...Object.fromEntries(chosen),
    __range: `${seconds}s`,
    __range_s: String(seconds),
    __range_ms: String(seconds * 1000),
  };
}

export const withStep = (variables: Variables, step: number): Variables => ({
  ...variables,
  __interval: `${step}s`,
  __interval_ms: String(step * 1000),
  __rate_interval: `${rateSeconds(step)}s`,
});

/** Replaces $name, ${name} and ${name:format}; what has no value stays as it is. */
export const replaced = (text: string, variables: Variables): string =>
  text.replace(/\$\{(\w+)(?::\w+)?\}|\$(\w+)/g, (whole, braced, bare) => variables[braced ?? bare] ?? whole);
