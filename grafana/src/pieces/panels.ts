// The kinds of panels, each with the looks that all of its kind have here.
import * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as gauge from '@grafana/grafana-foundation-sdk/gauge';
import * as piechart from '@grafana/grafana-foundation-sdk/piechart';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

import { neutral } from './colors';
import { datasource } from './queries';
import { plain } from './thresholds';

export type Query = cog.Builder<cog.Dataquery>;
type Thresholds = cog.Builder<dashboard.ThresholdsConfig>;

export interface About {
  title: string;
  /** What it counts, in plain words, with the fine print. */
  description: string;
  unit: string;
  decimals?: number;
  min?: number;
  max?: number;
  thresholds?: Thresholds;
  mappings?: dashboard.ValueMapping[];
  /** Colours of series by their name. */
  colors?: Record<string, string>;
  /** A page that tells more. */
  more?: { title: string; uid: string };
  queries: Query[];
}

// What the builders of all kinds have in common.
export interface PanelBuilder extends cog.Builder<dashboard.Panel> {
  id(id: number): this;
  gridPos(position: dashboard.GridPos): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: common.DataSourceRef): this;
  withTarget(target: Query): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  thresholds(thresholds: Thresholds): this;
  mappings(mappings: dashboard.ValueMapping[]): this;
  links(links: cog.Builder<dashboard.DashboardLink>[]): this;
  withOverride(override: { matcher: dashboard.MatcherConfig; properties: dashboard.DynamicConfigValue[] }): this;
}

export const colored = (name: string, color: string) => ({
  matcher: { id: 'byName', options: name },
  properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }],
});

const refId = (index: number) => String.fromCharCode('A'.charCodeAt(0) + index);

export function describe<B extends PanelBuilder>(panel: B, about: About): B {
  panel.title(about.title).description(about.description).datasource(datasource).unit(about.unit);
  if (about.decimals !== undefined) panel.decimals(about.decimals);
  if (about.min !== undefined) panel.min(about.min);
  if (about.max !== undefined) panel.max(about.max);
  if (about.thresholds) panel.thresholds(about.thresholds);
  if (about.mappings) panel.mappings(about.mappings);
  for (const [name, color] of Object.entries(about.colors ?? {})) panel.withOverride(colored(name, color));
  if (about.more) {
    panel.links([
      new dashboard.DashboardLinkBuilder(about.more.title)
        .type(dashboard.DashboardLinkType.Link)
        .url(`/d/${about.more.uid}?\${__url_time_range}&\${__all_variables}`),
    ]);
  }
  about.queries.forEach((query, index) => {
    const target = query.build();
    panel.withTarget({ build: () => ({ ...target, refId: refId(index) }) });
  });
  return panel;
}

const last = () => new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);

const byThresholds = () => new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds);

/** A number with its course behind it: its queries are lines. */
export const number = (about: About): stat.PanelBuilder =>
  describe(
    new stat.PanelBuilder()
      .reduceOptions(last())
      .colorMode(common.BigValueColorMode.Value)
      .graphMode(common.BigValueGraphMode.Area)
      .justifyMode(common.BigValueJustifyMode.Auto)
      .colorScheme(byThresholds()),
    { thresholds: plain(neutral), ...about },
  );

/** A number without a course, of the range or of now. */
export const figure = (about: About): stat.PanelBuilder => number(about).graphMode(common.BigValueGraphMode.None);

/** A tile that is green while all is well. */
export const lamp = (about: About): stat.PanelBuilder =>
  figure(about)
    .colorMode(common.BigValueColorMode.Background)
    .justifyMode(common.BigValueJustifyMode.Center)
    .text(new common.VizTextDisplayOptionsBuilder().valueSize(26));

export const dial = (about: About): gauge.PanelBuilder =>
  describe(
    new gauge.PanelBuilder()
      .reduceOptions(last())
      .showThresholdMarkers(true)
      .showThresholdLabels(false)
      .colorScheme(byThresholds()),
    about,
  );

/** One bar a series, in the order of the query. */
export const bars = (about: About): bargauge.PanelBuilder =>
  describe(
    new bargauge.PanelBuilder()
      .reduceOptions(last())
      .orientation(common.VizOrientation.Horizontal)
      .displayMode(common.BarGaugeDisplayMode.Basic)
      .valueMode(common.BarGaugeValueMode.Color)
      .showUnfilled(false)
      .namePlacement(common.BarGaugeNamePlacement.Left)
      .text(new common.VizTextDisplayOptionsBuilder().titleSize(11).valueSize(18))
      .colorScheme(byThresholds()),
    { min: 0, thresholds: plain(neutral), ...about },
  );

export const shares = (about: About): piechart.PanelBuilder =>
  describe(
    new piechart.PanelBuilder()
      .reduceOptions(last())
      .pieType(piechart.PieChartType.Donut)
      .displayLabels([piechart.PieChartLabels.Percent])
      .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi))
      .legend(
        new piechart.PieChartLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.Table)
          .placement(common.LegendPlacement.Right)
          .values([piechart.PieChartLegendValues.Value, piechart.PieChartLegendValues.Percent]),
      ),
    about,
  );

const legend = (calcs: string[], placement = common.LegendPlacement.Bottom) =>
  new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(calcs.length ? common.LegendDisplayMode.Table : common.LegendDisplayMode.List)
    .placement(placement)
    .calcs(calcs);

// History that was filled in afterwards may have a sample an hour, and still is one line. Grafana spans what is shorter
// than this.
const longestGapMs = 5_400_000;

export interface Lines extends About {
  /** Columns of the legend: last, mean, max, … */
  legend?: string[];
  /** Shows the thresholds as dashed lines. */
  limits?: boolean;
  /** The axis reaches at least from here, and at least up to there. */
  softMin?: number;
  softMax?: number;
  /** For more series than fit below. */
  legendRight?: boolean;
  /** Names of series that are limits themselves. */
  targets?: string[];
  /** Not finer than this: rare events need a window in which there are some. */
  interval?: string;
  /** Each line of the axis ten times the last: for waits from seconds to days. */
  logarithmic?: boolean;
}

export function lines(about: Lines): timeseries.PanelBuilder {
  const alone = about.queries.length === 1 && Object.keys(about.colors ?? {}).length === 1;
  const panel = new timeseries.PanelBuilder()
    .drawStyle(common.GraphDrawStyle.Line)
    .lineInterpolation(common.LineInterpolation.Linear)
    .lineWidth(2)
    .fillOpacity(alone ? 10 : 0)
    .gradientMode(common.GraphGradientMode.None)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(longestGapMs)
    .axisBorderShow(false)
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .legend(legend(about.legend ?? [], about.legendRight ? common.LegendPlacement.Right : undefined))
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(
        about.limits ? common.GraphThresholdsStyleMode.Dashed : common.GraphThresholdsStyleMode.Off,
      ),
    );
  if (about.interval) panel.interval(about.interval);
  if (about.softMin !== undefined) panel.axisSoftMin(about.softMin);
  if (about.softMax !== undefined) panel.axisSoftMax(about.softMax);
  if (about.logarithmic) {
    panel.scaleDistribution(
      new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10),
    );
  }
  const fromZero = about.softMin === undefined && !about.logarithmic;
  describe(panel, { ...(fromZero && { min: 0 }), thresholds: plain(neutral), ...about });
  for (const name of about.targets ?? []) {
    panel.withOverride({
      matcher: { id: 'byName', options: name },
      properties: [
        { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
        { id: 'custom.lineWidth', value: 1 },
        { id: 'custom.fillOpacity', value: 0 },
      ],
    });
  }
  return panel;
}

const stacked = (panel: timeseries.PanelBuilder) =>
  panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));

/** Parts of a whole, on top of each other. */
export const areas = (about: Lines): timeseries.PanelBuilder => stacked(lines(about)).fillOpacity(35).lineWidth(1);

/** What happened in each step. */
export const columns = (about: Lines): timeseries.PanelBuilder =>
  stacked(lines(about)).drawStyle(common.GraphDrawStyle.Bars).fillOpacity(70).lineWidth(0);

/** Which state held when, one line a series. */
export const states = (about: About): statetimeline.PanelBuilder =>
  describe(
    new statetimeline.PanelBuilder()
      .mergeValues(true)
      .showValue(common.VisibilityMode.Never)
      .rowHeight(0.8)
      .fillOpacity(80)
      .lineWidth(0)
      .colorScheme(byThresholds())
      .legend(legend([]))
      .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Single)),
    about,
  );
