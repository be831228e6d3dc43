// Asks Prometheus, and makes of its answers the frames that Grafana's data source makes.
import { FieldType, toDataFrame, type DataFrame, type TimeRange } from '@grafana/data';

import { aligned } from './time.ts';
import { replaced, withStep, type Variables } from './variables.ts';

export interface Target {
  refId: string;
  expr: string;
  instant?: boolean;
  format?: string;
  legendFormat?: string;
  hide?: boolean;
}

type Sample = [seconds: number, value: string];

interface Series {
  metric: Record<string, string>;
  value?: Sample;
  values?: Sample[];
}

async function ask(path: string, parameters: Record<string, string | number>): Promise<Series[]> {
  const body = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
  const answer = await fetch(`/api/v1/${path}`, { method: 'POST', body });
  const text = await answer.text();
  const said = text.startsWith('{') ? JSON.parse(text) : { error: text };
  if (said.status !== 'success') throw new Error(said.error || `Prometheus answered ${answer.status}`);
  const { result, resultType } = said.data;
  return resultType === 'scalar' ? [{ metric: {}, value: result }] : result;
}

const samplesOf = ({ value, values }: Series): Sample[] => values ?? (value ? [value] : []);
const milliseconds = ([seconds]: Sample): number => Math.round(seconds * 1000);

/** Prometheus writes ±Inf where JavaScript has ±Infinity; NaN is drawn as nothing. */
function numberOf([, value]: Sample): number | null {
  const number = Number(value.replace('Inf', 'Infinity'));
  return Number.isNaN(number) ? null : number;
}

function legendOf({ legendFormat, expr }: Target, { metric }: Series): string | undefined {
  if (legendFormat && legendFormat !== '__auto') {
    return legendFormat.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label) => metric[label] ?? '');
  }
  return Object.keys(metric).length ? undefined : expr;
}

function seriesFrame(target: Target, series: Series, step: number): DataFrame {
  const legend = legendOf(target, series);
  const samples = samplesOf(series);
  return toDataFrame({
    refId: target.refId,
    name: legend,
    fields: [
      { name: 'Time', type: FieldType.time, values: samples.map(milliseconds), config: { interval: step * 1000 } },
      {
        name: 'Value',
        type: FieldType.number,
        labels: series.metric,
        values: samples.map(numberOf),
        config: legend === undefined ? {} : { displayNameFromDS: legend },
      },
    ],
  });
}

// One row a series, its labels as columns.
function tableFrame(target: Target, all: Series[], valueName: string): DataFrame {
  const rows = all.flatMap((series) => samplesOf(series).map((sample) => ({ labels: series.metric, sample })));
  const labels = [...new Set(all.flatMap(({ metric }) => Object.keys(metric)))].sort();
  return toDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: rows.map(({ sample }) => milliseconds(sample)) },
      ...labels.map((label) => ({
        name: label,
        type: FieldType.string,
        values: rows.map((row) => row.labels[label] ?? ''),
      })),
      { name: valueName, type: FieldType.number, values: rows.map(({ sample }) => numberOf(sample)) },
    ],
  });
}

/** The frames of one query; alone: there is no other in the panel. */
export async function query(
  target: Target,
  alone: boolean,
  range: TimeRange,
  step: number,
  variables: Variables,
): Promise<DataFrame[]> {
  const expr = replaced(target.expr, withStep(variables, step));
  const all = await (target.instant
    ? ask('query', { query: expr, time: range.to.valueOf() / 1000 })
    : ask('query_range', {
        query: expr,
        start: aligned(range.from.valueOf(), step),
        end: aligned(range.to.valueOf(), step),
        step,
      }));
  if (target.format !== 'table') return all.map((series) => seriesFrame(target, series, step));
  return all.length ? [tableFrame(target, all, alone ? 'Value' : `Value #${target.refId}`)] : [];
}
