// Lines, areas and columns over time.
import { FieldType, type DataFrame } from '@grafana/data';
import { AxisColorMode, AxisPlacement, BarAlignment, LineInterpolation, type OptionsWithLegend } from '@grafana/schema';
import { TimeSeries } from '@grafana/ui';

import { timeZone } from '../time.ts';
import { leaveRoomForLabels } from './axis.ts';
import type { Kind, VisualizationProps } from './kind.ts';

/** Infinity has no place on an axis. */
const finite = (frame: DataFrame): DataFrame => ({
  ...frame,
  fields: frame.fields.map((field) =>
    field.type === FieldType.number
      ? { ...field, values: field.values.map((value) => (Number.isFinite(value) ? value : null)) }
      : field,
  ),
});

function Lines({ options, frames, width, height, range }: VisualizationProps<OptionsWithLegend>) {
  return (
    <TimeSeries
      frames={frames.map(finite)}
      options={options}
      legend={options.legend}
      timeRange={range}
      timeZone={timeZone}
      structureRev={1}
      width={width}
      height={height}
    >
      {(builder) => {
        leaveRoomForLabels(builder);
        return null;
      }}
    </TimeSeries>
  );
}

export const timeseries: Kind = {
  Visualization: Lines,
  defaults: {
    color: 'palette-classic',
    custom: {
      axisColorMode: AxisColorMode.Text,
      axisPlacement: AxisPlacement.Auto,
      barAlignment: BarAlignment.Center,
      barWidthFactor: 0.6,
      lineInterpolation: LineInterpolation.Linear,
      lineWidth: 1,
      pointSize: 5,
    },
  },
};
