// One bar a series, with its value.
import { getDisplayValueAlignmentFactors } from '@grafana/data';
import {
  BarGaugeDisplayMode,
  type BarGaugeNamePlacement,
  type BarGaugeValueMode,
  type SingleStatBaseOptions,
} from '@grafana/schema';
import { BarGauge, useTheme2, VizRepeater } from '@grafana/ui';

import type { Kind, VisualizationProps } from './kind.ts';
import { useValues } from './values.ts';

interface Options extends SingleStatBaseOptions {
  displayMode: BarGaugeDisplayMode;
  valueMode: BarGaugeValueMode;
  namePlacement: BarGaugeNamePlacement;
  showUnfilled: boolean;
  minVizWidth: number;
  minVizHeight: number;
  maxVizHeight: number;
}

function Bars(props: VisualizationProps<Options>) {
  const { options, frames, width, height } = props;
  const theme = useTheme2();
  const values = useValues(props);
  const itemSpacing = options.displayMode === BarGaugeDisplayMode.Lcd ? 2 : 10;
  return (
    <VizRepeater
      getValues={() => values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      orientation={options.orientation}
      source={frames}
      renderCounter={0}
      itemSpacing={itemSpacing}
      minVizWidth={options.minVizWidth}
      minVizHeight={options.minVizHeight}
      maxVizHeight={options.maxVizHeight}
      width={width}
      height={height}
      renderValue={({ value, orientation, alignmentFactors, width, height }) => (
        <BarGauge
          value={value.display}
          field={value.field}
          display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0)}
          alignmentFactors={alignmentFactors}
          orientation={orientation}
          displayMode={options.displayMode}
          valueDisplayMode={options.valueMode}
          namePlacement={options.namePlacement}
          showUnfilled={options.showUnfilled}
          text={options.text}
          itemSpacing={itemSpacing}
          theme={theme}
          width={width}
          height={height}
        />
      )}
    />
  );
}

export const bargauge: Kind = { Visualization: Bars, defaults: { color: 'thresholds' }, saysNothingItself: true };
