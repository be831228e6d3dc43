// Expressions as a Prometheus can take them: with values for the variables of Grafana.
import { Dashboard, drawn, place, queryOf } from './dashboards';

export interface Expression {
  where: string;
  expr: string;
  /** Drawn over the range, not only at its end. */
  overRange: boolean;
}

export function rangeOf(dashboard: Dashboard): string {
  const range = /^now-(\d+[hd])$/.exec(dashboard.time.from);
  if (!range) throw new Error(`${dashboard.uid}: the time range begins at '${dashboard.time.from}'`);
  return range[1];
}

export const secondsOf = (range: string): number =>
  Number(range.slice(0, -1)) * (range.endsWith('d') ? 86_400 : 3_600);

// A panel that is not drawn finer than its interval has windows of that and a scrape.
const filled = (expr: string, range: string, interval?: string): string =>
  expr
    .replaceAll('$__rate_interval', interval ? `${interval}15s` : '5m')
    .replaceAll('$__range', range)
    .replace(/\$(job|instance|agent)\b/g, '.+');

// What Grafana asks for the values of a variable.
function asQuery(text: string): string {
  const labelValues = /^label_values\((.*), (\w+)\)$/.exec(text);
  if (labelValues) return `group by (${labelValues[2]}) (${labelValues[1]})`;
  const result = /^query_result\((.*)\)$/.exec(text);
  if (result) return result[1];
  throw new Error(`no query that is known here: ${text}`);
}

export function expressionsOf(dashboard: Dashboard): Expression[] {
  const range = rangeOf(dashboard);
  const ofVariables = dashboard.templating.list
    .filter((variable) => variable.type === 'query')
    .map((variable) => ({
      where: `${dashboard.uid}, variable ${variable.name}`,
      expr: filled(asQuery(queryOf(variable)), range),
      overRange: false,
    }));
  const ofPanels = drawn(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({
      where: place(dashboard, panel, target),
      expr: filled(target.expr, range, panel.interval),
      overRange: target.range === true,
    })),
  );
  return [...ofVariables, ...ofPanels];
}
