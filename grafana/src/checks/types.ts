// Writes a TypeScript file that assigns every panel's options and field options to the types of its kind, for tsc to
// judge: node types.js DASHBOARDS > panels.ts
import { drawn, place, read } from './dashboards';

// Kinds of panels and the names of their types in @grafana/schema.
const kinds: Record<string, { folder: string; file: string; fields: boolean }> = {
  stat: { folder: 'stat', file: 'Stat', fields: false },
  gauge: { folder: 'gauge', file: 'Gauge', fields: false },
  bargauge: { folder: 'bargauge', file: 'BarGauge', fields: false },
  piechart: { folder: 'piechart', file: 'PieChart', fields: true },
  timeseries: { folder: 'timeseries', file: 'TimeSeries', fields: true },
  table: { folder: 'table', file: 'Table', fields: true },
  'state-timeline': { folder: 'statetimeline', file: 'StateTimeline', fields: true },
};

const lines = [
  "import type * as data from '@grafana/data';",
  "import type * as schema from '@grafana/schema';",
  ...Object.entries(kinds).map(
    ([kind, { folder, file }]) =>
      `import type * as ${kind.replace('-', '')} from '@grafana/schema/dist/esm/raw/composable/${folder}/panelcfg/x/${file}PanelCfg_types.gen';`,
  ),
  // JSON has no enums, and leaves out what has a default.
  `type Plain<T> = T extends string ? \`\${T}\` : T extends number | boolean | null | undefined ? T
    : T extends (infer Item)[] ? Plain<Item>[] : T extends object ? { [Key in keyof T]?: Plain<T[Key]> } : T;`,
  // One option of fields is in Grafana's code, but not in its schema.
  'type Options = Omit<schema.FieldConfig, "custom"> & Pick<data.FieldConfig, "fieldMinMax">;',
  'type Defaults<Custom> = Plain<Options & { custom?: Custom }>;',
  'type Standard = Required<Plain<Options>>;',
  'type Property<Custom> = { [Key in keyof Standard]: { id: Key; value: Standard[Key] } }[keyof Standard]',
  '  | { [Key in keyof Custom & string]: { id: `custom.${Key}`; value?: Plain<Custom[Key]> } }[keyof Custom & string];',
  'interface Panel<Options, Custom> { options?: Plain<Options>;',
  '  fieldConfig?: { defaults: Defaults<Custom>; overrides: { matcher: schema.MatcherConfig; properties: Property<Custom>[] }[] } }',
];

for (const dashboard of read(process.argv[2])) {
  for (const panel of drawn(dashboard)) {
    const kind = kinds[panel.type];
    if (!kind) throw new Error(`${place(dashboard, panel)}: checks/types.ts knows no panels of type ${panel.type}`);
    const name = panel.type.replace('-', '');
    const custom = kind.fields ? `${name}.FieldConfig` : '{}';
    const { options, fieldConfig } = panel;
    // One line each, so that tsc's line tells the panel.
    lines.push(
      `export const ${dashboard.uid.replace('-', '_')}_${panel.id}: Panel<${name}.Options, ${custom}> = ${JSON.stringify({ options, fieldConfig })};`,
    );
  }
}
console.log(lines.join('\n'));
