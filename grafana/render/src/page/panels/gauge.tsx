// A dial: the value's arc, and around it where the thresholds are.
import { getActiveThreshold, type Threshold } from '@grafana/data';
import type { SingleStatBaseOptions } from '@grafana/schema';
import { FormattedValueDisplay, useTheme2, VizRepeater } from '@grafana/ui';

import { arc } from './arc.ts';
import type { Kind, VisualizationProps } from './kind.ts';
import { useValues } from './values.ts';

interface Options extends SingleStatBaseOptions {
  showThresholdMarkers: boolean;
}

type Value = ReturnType<typeof useValues>[number];

// Degrees from noon.
const first = -115;
const last = 115;
const lowest = Math.cos((last * Math.PI) / 180);

interface Part {
  from: number;
  to: number;
  color: string;
}

/** The thresholds that lie between min and max, each until the next. */
function partsOf(steps: Threshold[], min: number, max: number): Part[] {
  const inside = steps.filter(({ value }) => value > min && value < max);
  const starts = [{ ...getActiveThreshold(min, steps), value: min }, ...inside];
  return starts.map(({ value, color }, index) => ({ from: value, to: starts[index + 1]?.value ?? max, color }));
}

function Dial({ value, width, height, markers }: { value: Value; width: number; height: number; markers: boolean }) {
  const theme = useTheme2();
  const min = value.field.min ?? 0;
  const max = value.field.max ?? 100;
  const radius = Math.min(width / 2, height / (1 - lowest)) - 2;
  const center = { x: width / 2, y: (height - radius * (1 - lowest)) / 2 + radius };
  const angle = (number: number) =>
    first + (last - first) * Math.min(1, Math.max(0, (number - min) / (max - min || 1)));
  const rim = markers ? Math.max(3, radius * 0.06) : 0;
  const outer = radius - rim - (markers ? 3 : 0);
  const inner = outer - radius * 0.26;
  const numeric = value.display.numeric;
  return (
    <div style={{ position: 'relative', width, height }}>
      <svg width={width} height={height}>
        <path d={arc(center, inner, outer, first, last)} fill={theme.colors.background.secondary} />
        {Number.isFinite(numeric) && (
          <path d={arc(center, inner, outer, first, angle(numeric))} fill={value.display.color} />
        )}
        {markers &&
          partsOf(value.field.thresholds?.steps ?? [], min, max).map(({ from, to, color }) => (
            <path
              key={from}
              d={arc(center, radius - rim, radius, angle(from), angle(to))}
              fill={theme.visualization.getColorByName(color)}
            />
          ))}
      </svg>
      <div style={{ position: 'absolute', left: center.x - inner, width: 2 * inner, top: center.y - radius * 0.2 }}>
        <FormattedValueDisplay
          value={value.display}
          style={{
            color: value.display.color,
            fontSize: radius * 0.3,
            lineHeight: 1,
            fontWeight: theme.typography.fontWeightMedium,
            textAlign: 'center',
          }}
        />
      </div>
    </div>
  );
}

function Gauge(props: VisualizationProps<Options>) {
  const { options, frames, width, height } = props;
  const values = useValues(props);
  return (
    <VizRepeater
      autoGrid
      getValues={() => values}
      orientation={options.orientation}
      source={frames}
      renderCounter={0}
      width={width}
      height={height}
      renderValue={({ value, width, height }) => (
        <Dial value={value} width={width} height={height} markers={options.showThresholdMarkers} />
      )}
    />
  );
}

export const gauge: Kind = { Visualization: Gauge, defaults: { color: 'thresholds' }, saysNothingItself: true };
