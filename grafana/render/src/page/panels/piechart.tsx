// Shares of a whole, the greatest first.
import { formattedValueToString, type DisplayValue } from '@grafana/data';
import type { SingleStatBaseOptions, VizLegendOptions } from '@grafana/schema';
import { getTextColorForBackground, useTheme2, VizLayout, VizLegend, type VizLegendItem } from '@grafana/ui';

import { arc, onCircle } from './arc.ts';
import type { Kind, VisualizationProps } from './kind.ts';
import { useValues } from './values.ts';

interface Options extends SingleStatBaseOptions {
  pieType: 'pie' | 'donut';
  displayLabels?: ('name' | 'value' | 'percent')[];
  legend: VizLegendOptions & { values?: ('value' | 'percent')[] };
}

interface Share {
  display: DisplayValue;
  share: number;
  /** Degrees from noon. */
  from: number;
  to: number;
}

function sharesOf(displays: DisplayValue[]): Share[] {
  const all = displays.filter(({ numeric }) => numeric > 0).sort((a, b) => b.numeric - a.numeric);
  const sum = all.reduce((total, { numeric }) => total + numeric, 0);
  let to = 0;
  return all.map((display) => {
    const share = display.numeric / sum;
    const from = to;
    to += 360 * share;
    return { display, share, from, to };
  });
}

const percent = (share: number): DisplayValue => ({
  numeric: 100 * share,
  text: (100 * share).toFixed(0),
  suffix: '%',
  title: 'Percent',
});

const legendItem = ({ display, share }: Share, values: string[]): VizLegendItem => ({
  label: display.title ?? '',
  color: display.color,
  yAxis: 1,
  getItemKey: () => display.title ?? '',
  getDisplayValues: () =>
    values.map((name) => (name === 'percent' ? percent(share) : { ...display, title: 'Value' })),
});

const narrowest = 0.04;

function Slices({ shares, options, size }: { shares: Share[]; options: Options; size: number }) {
  const theme = useTheme2();
  const center = { x: size / 2, y: size / 2 };
  const outer = size / 2 - 2;
  const inner = options.pieType === 'donut' ? outer * 0.6 : 0;
  return (
    <svg width={size} height={size}>
      {shares.map(({ display, from, to, share }) => {
        const { x, y } = onCircle(center, (inner || outer * 0.3) / 2 + outer / 2, (from + to) / 2);
        const texts = {
          name: display.title,
          value: formattedValueToString(display),
          percent: formattedValueToString(percent(share)),
        };
        return (
          <g key={display.title}>
            <path
              d={arc(center, inner, outer, from, to)}
              fill={display.color}
              stroke={theme.colors.background.primary}
              strokeWidth={shares.length > 1 ? 1 : 0}
            />
            {share > narrowest && (
              <text
                x={x}
                y={y}
                textAnchor="middle"
                dominantBaseline="central"
                fontSize={Math.max(10, size * 0.06)}
                fill={getTextColorForBackground(display.color ?? '')}
              >
                {(options.displayLabels ?? []).map((label) => texts[label]).join(' ')}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

function Pie(props: VisualizationProps<Options>) {
  const { options, width, height } = props;
  const shares = sharesOf(useValues(props).map(({ display }) => display));
  const { legend } = options;
  return (
    <VizLayout
      width={width}
      height={height}
      legend={
        legend.showLegend ? (
          <VizLayout.Legend placement={legend.placement}>
            <VizLegend
              displayMode={legend.displayMode}
              placement={legend.placement}
              items={shares.map((share) => legendItem(share, legend.values ?? []))}
            />
          </VizLayout.Legend>
        ) : null
      }
    >
      {(width, height) => (
        <div style={{ width, height, display: 'flex', justifyContent: 'center', alignItems: 'center' }}>
          <Slices shares={shares} options={options} size={Math.min(width, height)} />
        </div>
      )}
    </VizLayout>
  );
}

export const piechart: Kind = { Visualization: Pie, defaults: { color: 'palette-classic' } };
