import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as table from '@grafana/grafana-foundation-sdk/table';

import { neutral } from './colors';
import { About, describe } from './panels';
import { plain } from './thresholds';

export const grid = (about: About): table.PanelBuilder =>
  describe(
    new table.PanelBuilder()
      .showHeader(true)
      .cellHeight(common.TableCellHeight.Sm)
      .minWidth(64)
      // A column with bars has a scale of its own.
      .fieldMinMax(true)
      .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds)),
    { thresholds: plain(neutral), ...about },
  );

/** Sets how one column looks: ids of field options and their values. */
export const looks = (name: string, options: Record<string, unknown>) => ({
  matcher: { id: 'byName', options: name },
  properties: Object.entries(options).map(([id, value]) => ({ id, value })),
});

/**
 * Makes one table of queries made by column(): labels become fields, the label `column` names the value's, and
 * rows with the same labels become one.
 */
export const joined = (panel: table.PanelBuilder, titles: Record<string, string>, hidden: string[], sortBy: string) =>
  panel
    .withTransformation({ id: 'labelsToFields', options: { mode: 'columns', valueLabel: 'column' } })
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(['Time', ...hidden].map((name) => [name, true])),
        indexByName: Object.fromEntries(Object.keys(titles).map((name, index) => [name, index])),
        renameByName: titles,
      },
    })
    .withTransformation({ id: 'sortBy', options: { fields: {}, sort: [{ field: sortBy, desc: true }] } });
