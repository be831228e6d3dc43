// The dashboard: its title, its rows as headings, its panels on Grafana's grid of 24 columns.
import { rangeUtil, type TimeRange } from '@grafana/data';
import type { Dashboard, GridPos, Panel, RowPanel, VariableModel } from '@grafana/schema';
import { Icon, useTheme2 } from '@grafana/ui';
import type { CSSProperties } from 'react';

import { PanelBox } from './panel.tsx';
import type { Variables } from './variables.ts';

const pageWidth = 1600;
const padding = 16;
const columns = 24;
const gap = 8;
const cellHeight = 30;
const columnWidth = (pageWidth - 2 * padding - (columns - 1) * gap) / columns;

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const boxOf = ({ x, y, w, h }: GridPos): Box => ({
  left: x * (columnWidth + gap),
  top: y * (cellHeight + gap),
  width: w * (columnWidth + gap) - gap,
  height: h * (cellHeight + gap) - gap,
});

const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === 'row';

const chosen = ({ current }: VariableModel): string => [current?.text ?? ''].flat().join(' + ');

function Title({ dashboard, range }: { dashboard: Dashboard; range: TimeRange }) {
  const theme = useTheme2();
  const quiet: CSSProperties = { color: theme.colors.text.secondary };
  const choices = (dashboard.templating?.list ?? []).filter(({ type }) => type === 'query');
  return (
    <div style={{ display: 'flex', alignItems: 'baseline', gap: 24, height: 44 }}>
      <span style={{ fontSize: 22, fontWeight: 500 }}>{dashboard.title}</span>
      {choices.map((variable) => (
        <span key={variable.name}>
          <span style={quiet}>{variable.label ?? variable.name}</span> {chosen(variable)}
        </span>
      ))}
      <span style={{ ...quiet, marginLeft: 'auto' }}>{rangeUtil.describeTimeRange(range.raw)}</span>
    </div>
  );
}

function Heading({ row, box }: { row: RowPanel; box: Box }) {
  const theme = useTheme2();
  return (
    <div style={{ position: 'absolute', ...box, display: 'flex', alignItems: 'center', gap: 8, fontSize: 18 }}>
      <Icon name={row.collapsed ? 'angle-right' : 'angle-down'} />
      <span style={{ fontWeight: theme.typography.fontWeightMedium }}>{row.title}</span>
    </div>
  );
}

export interface PageProps {
  dashboard: Dashboard;
  range: TimeRange;
  variables: Variables;
}

export function DashboardPage({ dashboard, range, variables }: PageProps) {
  const background = useTheme2().colors.background.canvas;
  const placed = (dashboard.panels ?? []).map((panel, index) => ({
    panel,
    key: index,
    box: boxOf(panel.gridPos ?? { x: 0, y: 0, w: columns, h: 1 }),
  }));
  const height = Math.max(0, ...placed.map(({ box }) => box.top + box.height));
  return (
    <div data-page style={{ boxSizing: 'border-box', width: pageWidth, padding, background }}>
      <Title dashboard={dashboard} range={range} />
      <div style={{ position: 'relative', height }}>
        {placed.map(({ panel, key, box }) =>
          isRow(panel) ? (
            <Heading key={key} row={panel} box={box} />
          ) : (
            <div key={key} style={{ position: 'absolute', ...box }}>
              <PanelBox panel={panel} width={box.width} height={box.height} range={range} variables={variables} />
            </div>
          ),
        )}
      </div>
    </div>
  );
}
