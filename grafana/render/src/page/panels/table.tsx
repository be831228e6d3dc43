// Rows and columns of one frame.
import type { TableCellHeight } from '@grafana/schema';
import { TableNG } from '@grafana/ui/unstable';

import type { Kind, VisualizationProps } from './kind.ts';

interface Options {
  frameIndex: number;
  showHeader: boolean;
  showTypeIcons?: boolean;
  cellHeight?: TableCellHeight;
}

function Grid({ options, fieldConfig, frames, width, height, range }: VisualizationProps<Options>) {
  return (
    <TableNG
      data={frames[options.frameIndex] ?? frames[0]}
      noHeader={!options.showHeader}
      showTypeIcons={options.showTypeIcons}
      cellHeight={options.cellHeight}
      columnMinWidth={fieldConfig.defaults.custom?.minWidth}
      fieldConfig={fieldConfig}
      timeRange={range}
      width={width}
      height={height}
    />
  );
}

export const table: Kind = {
  Visualization: Grid,
  defaults: { color: 'thresholds', custom: { align: 'auto', cellOptions: { type: 'auto' } } },
};
