// The types of panels that can be drawn.
import { bargauge } from './bargauge.tsx';
import { gauge } from './gauge.tsx';
import type { Kind } from './kind.ts';
import { piechart } from './piechart.tsx';
import { stat } from './stat.tsx';
import { stateTimeline } from './state-timeline.tsx';
import { table } from './table.tsx';
import { timeseries } from './timeseries.tsx';

export const kinds: Record<string, Kind> = {
  bargauge,
  gauge,
  piechart,
  stat,
  'state-timeline': stateTimeline,
  table,
  timeseries,
};
