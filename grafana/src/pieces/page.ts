// What all dashboards have: variables, links, times, and panels that stand in lines.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { PanelBuilder } from './panels';
import * as variables from './variables';

const tag = 'crm';
const width = 24;

type Placed = [columns: number, panel: PanelBuilder];

/** Panels of one height beside each other; together they are as wide as the page. */
export interface PanelLine {
  height: number;
  panels: Placed[];
}

/** Lines under a heading that folds them away. */
export interface Section {
  heading?: string;
  lines: PanelLine[];
}

export const beside = (height: number, ...panels: Placed[]): PanelLine => ({ height, panels });

export interface Page {
  uid: string;
  title: string;
  description: string;
  from: 'now-24h' | 'now-7d';
  byAgent?: boolean;
  sections: Section[];
}

export function page({ uid, title, description, from, byAgent, sections }: Page): dashboard.Dashboard {
  const board = new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([tag, uid.replace(/^crm-/, '')])
    .timezone('browser')
    .readonly()
    .refresh('30s')
    .time({ from, to: 'now' })
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(
      new dashboard.DashboardLinkBuilder('CRM dashboards')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([tag])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true)
        .targetBlank(false),
    )
    .withVariable(variables.source())
    .withVariable(variables.job())
    .withVariable(variables.instance());
  if (byAgent) board.withVariable(variables.agent());

  let id = 0;
  let y = 0;
  for (const { heading, lines } of sections) {
    if (heading) board.withRow(new dashboard.RowBuilder(heading).id(++id).gridPos({ x: 0, y: y++, w: width, h: 1 }));
    for (const { height, panels } of lines) {
      let x = 0;
      for (const [columns, panel] of panels) {
        board.withPanel(panel.id(++id).gridPos({ x, y, w: columns, h: height }));
        x += columns;
      }
      if (x !== width) throw new Error(`${uid}: a line of '${title}' is ${x} wide, not ${width}`);
      y += height;
    }
  }
  return board.build();
}
