import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';

export const datasource = { type: 'prometheus', uid: '${datasource}' };

/** Over the range: a line. */
export const line = (legend: string, expr: string): prometheus.DataqueryBuilder =>
  new prometheus.DataqueryBuilder().datasource(datasource).expr(expr).legendFormat(legend).range();

/** At the end of the range: one value a series. */
export const value = (legend: string, expr: string): prometheus.DataqueryBuilder =>
  new prometheus.DataqueryBuilder().datasource(datasource).expr(expr).legendFormat(legend).instant();

/** At the end of the range, with labels as columns. */
export const table = (expr: string): prometheus.DataqueryBuilder =>
  new prometheus.DataqueryBuilder()
    .datasource(datasource)
    .expr(expr)
    .format(prometheus.PromQueryFormat.Table)
    .instant();

/** At the end of the range; the values become a column with that name (see columns() in tables.ts). */
export const column = (name: string, expr: string): prometheus.DataqueryBuilder =>
  value('__auto', `label_replace(${expr}, "column", "${name}", "", "")`);
