// One line a series, coloured by the state that it was in.
import {
  FieldType,
  getFieldDisplayName,
  MappingType,
  type DataFrame,
  type Field,
  type GrafanaTheme2,
  type TimeRange,
} from '@grafana/data';
import { AxisPlacement, ScaleDirection, ScaleOrientation, type VizLegendOptions } from '@grafana/schema';
import { UPlotChart, UPlotConfigBuilder, useTheme2, VizLayout, VizLegend, type VizLegendItem } from '@grafana/ui';
import { useMemo } from 'react';

import { timeZone } from '../time.ts';
import { leaveRoomForLabels } from './axis.ts';
import type { Kind, VisualizationProps } from './kind.ts';

interface Options {
  rowHeight: number;
  legend: VizLegendOptions;
}

interface Stretch {
  from: number;
  to: number;
  color: string;
}

interface Line {
  name: string;
  opacity: number;
  stretches: Stretch[];
}

/** Samples that follow each other and look alike are one stretch. Each holds for a step at most. */
function stretchesOf({ values: times, config }: Field<number>, states: Field): Stretch[] {
  const stretches: Stretch[] = [];
  const longest = config.interval ?? Infinity;
  times.forEach((from, index) => {
    const { color, text } = states.display?.(states.values[index]) ?? {};
    if (states.values[index] === null || !color || text === undefined) return;
    const to = Math.min(times[index + 1] ?? Infinity, from + longest);
    const before = stretches.at(-1);
    if (before?.to === from && before.color === color) before.to = to;
    else stretches.push({ from, to, color });
  });
  return stretches;
}

const linesOf = (frames: DataFrame[]): Line[] =>
  frames.flatMap((frame) => {
    const time = frame.fields.find(({ type }) => type === FieldType.time);
    if (!time) return [];
    return frame.fields
      .filter((field) => field !== time)
      .map((field) => ({
        name: getFieldDisplayName(field, frame, frames),
        opacity: (field.config.custom?.fillOpacity ?? 70) / 100,
        stretches: stretchesOf(time, field),
      }));
  });

/** What the words for values are, and their colours. */
function legendOf(frames: DataFrame[], theme: GrafanaTheme2): VizLegendItem[] {
  const mappings = frames.flatMap(({ fields }) => fields.flatMap(({ config }) => config.mappings ?? []));
  const results = mappings.flatMap((mapping) =>
    mapping.type === MappingType.ValueToText ? Object.values(mapping.options) : [mapping.options.result],
  );
  const items = results.map(({ text = '', color = '' }) => ({
    label: text,
    color: theme.visualization.getColorByName(color),
    yAxis: 1,
  }));
  return [...new Map(items.map((item) => [item.label, item])).values()];
}

function configOf(lines: Line[], rowHeight: number, range: TimeRange, theme: GrafanaTheme2): UPlotConfigBuilder {
  const builder = new UPlotConfigBuilder(timeZone);
  leaveRoomForLabels(builder);
  builder.addScale({
    scaleKey: 'x',
    isTime: true,
    orientation: ScaleOrientation.Horizontal,
    direction: ScaleDirection.Right,
    range: () => [range.from.valueOf(), range.to.valueOf()],
  });
  builder.addScale({
    scaleKey: 'y',
    orientation: ScaleOrientation.Vertical,
    direction: ScaleDirection.Down,
    range: () => [0, lines.length],
  });
  builder.addAxis({ scaleKey: 'x', isTime: true, placement: AxisPlacement.Bottom, timeZone, theme });
  builder.addAxis({
    scaleKey: 'y',
    placement: AxisPlacement.Left,
    splits: lines.map((_, index) => index + 0.5),
    values: lines.map(({ name }) => name),
    grid: { show: false },
    ticks: { show: false },
    theme,
  });
  builder.addHook('draw', (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    lines.forEach(({ stretches, opacity }, index) => {
      const top = plot.valToPos(index + (1 - rowHeight) / 2, 'y', true);
      const bottom = plot.valToPos(index + (1 + rowHeight) / 2, 'y', true);
      ctx.globalAlpha = opacity;
      for (const { from, to, color } of stretches) {
        const left = plot.valToPos(from, 'x', true);
        ctx.fillStyle = color;
        ctx.fillRect(left, top, plot.valToPos(to, 'x', true) - left, bottom - top);
      }
    });
    ctx.restore();
  });
  return builder;
}

function Timeline({ options, frames, width, height, range }: VisualizationProps<Options>) {
  const theme = useTheme2();
  const config = useMemo(() => configOf(linesOf(frames), options.rowHeight, range, theme), [frames]);
  const data: [number[]] = [[range.from.valueOf(), range.to.valueOf()]];
  const { legend } = options;
  return (
    <VizLayout
      width={width}
      height={height}
      legend={
        legend.showLegend ? (
          <VizLayout.Legend placement={legend.placement}>
            <VizLegend displayMode={legend.displayMode} placement={legend.placement} items={legendOf(frames, theme)} />
          </VizLayout.Legend>
        ) : null
      }
    >
      {(width, height) => <UPlotChart config={config} data={data} width={width} height={height} />}
    </VizLayout>
  );
}

export const stateTimeline: Kind = { Visualization: Timeline, defaults: { color: 'thresholds' } };
