// Numbers, with their course behind them: as many tiles as there are series.
import { getDisplayValueAlignmentFactors } from '@grafana/data';
import type { SingleStatBaseOptions } from '@grafana/schema';
import {
  BigValue,
  BigValueGraphMode,
  useTheme2,
  VizRepeater,
  type BigValueColorMode,
  type BigValueJustifyMode,
  type BigValueTextMode,
} from '@grafana/ui';

import type { Kind, VisualizationProps } from './kind.ts';
import { useValues } from './values.ts';

interface Options extends SingleStatBaseOptions {
  colorMode: BigValueColorMode;
  graphMode: BigValueGraphMode;
  justifyMode: BigValueJustifyMode;
  textMode: BigValueTextMode;
  wideLayout: boolean;
}

function Stat(props: VisualizationProps<Options>) {
  const { options, frames, width, height } = props;
  const theme = useTheme2();
  const values = useValues(props, options.graphMode !== BigValueGraphMode.None);
  return (
    <VizRepeater
      autoGrid
      getValues={() => values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      orientation={options.orientation}
      source={frames}
      renderCounter={0}
      itemSpacing={3}
      width={width}
      height={height}
      renderValue={({ value, count, alignmentFactors, width, height }) => (
        <BigValue
          value={value.display}
          sparkline={value.sparkline}
          count={count}
          alignmentFactors={alignmentFactors}
          colorMode={options.colorMode}
          graphMode={options.graphMode}
          justifyMode={options.justifyMode}
          textMode={options.textMode}
          text={options.text}
          disableWideLayout={!options.wideLayout}
          theme={theme}
          width={width}
          height={height}
        />
      )}
    />
  );
}

export const stat: Kind = { Visualization: Stat, defaults: { color: 'thresholds' }, saysNothingItself: true };
