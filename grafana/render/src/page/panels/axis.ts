import type { UPlotConfigBuilder } from '@grafana/ui';

/** Room for a label at the end of the time axis, which Grafana cuts there. */
export const leaveRoomForLabels = (builder: UPlotConfigBuilder): void => builder.setPadding([null, 18, null, null]);
