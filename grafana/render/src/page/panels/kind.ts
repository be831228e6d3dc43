// What a type of panels is made of.
import type { DataFrame, FieldConfigSource, TimeRange } from '@grafana/data';
import type { ComponentType } from 'react';

import type { Defaults } from '../fields.ts';

export interface VisualizationProps<Options = any> {
  options: Options;
  fieldConfig: FieldConfigSource;
  frames: DataFrame[];
  width: number;
  height: number;
  range: TimeRange;
}

export interface Kind {
  Visualization: ComponentType<VisualizationProps>;
  defaults: Defaults;
  /** Draws itself that there are no data: with the words of `noValue`. */
  saysNothingItself?: boolean;
}
