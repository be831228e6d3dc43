// Series, each reduced to one value with its colour and text.
import { getFieldDisplayValues, type FieldDisplay } from '@grafana/data';
import type { SingleStatBaseOptions } from '@grafana/schema';
import { useTheme2 } from '@grafana/ui';

import { timeZone } from '../time.ts';
import type { VisualizationProps } from './kind.ts';

export function useValues(props: VisualizationProps<SingleStatBaseOptions>, sparkline = false): FieldDisplay[] {
  const { options, fieldConfig, frames, range } = props;
  const values = getFieldDisplayValues({
    fieldConfig,
    reduceOptions: options.reduceOptions,
    replaceVariables: (text) => text,
    theme: useTheme2(),
    data: frames,
    sparkline,
    timeZone,
  });
  for (const value of values) {
    if (value.sparkline) value.sparkline.timeRange = range;
  }
  return values;
}
