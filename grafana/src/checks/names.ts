// Units, reducers, transformations, colours, matchers: names in the JSON that only Grafana's own registries know.
// node names.js DASHBOARDS
import { Dashboard, drawn, finish, Panel, place, read } from './dashboards';

// @grafana/data asks a browser for its language.
(globalThis as any).navigator ??= { language: 'en', languages: ['en'] };
// eslint-disable-next-line @typescript-eslint/no-require-imports
const grafana = require('@grafana/data') as typeof import('@grafana/data');

const units = new Set(grafana.getValueFormats().flatMap((group) => group.submenu.map((unit) => unit.value)));
const ownUnits = /^(suffix|prefix|time|si|count|currency|bool):/;
const transformers = new Set(Object.values(grafana.standardTransformers).map((transformer) => transformer.id as string));
const theme = grafana.createTheme();

const knownColor = (color: string) =>
  /^#[0-9a-f]{6}$/i.test(color) || theme.visualization.getColorByName(color) !== color;

// Everything with that key, however deep.
function* values(of: unknown, key: string): Generator<unknown> {
  if (Array.isArray(of)) {
    for (const item of of) yield* values(item, key);
  } else if (of && typeof of === 'object') {
    for (const [name, value] of Object.entries(of)) {
      if (name === key) yield value;
      yield* values(value, key);
    }
  }
}

const asProperty = (panel: Panel, id: string): unknown[] =>
  (panel.fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
    properties.filter((property) => property.id === id).map((property) => property.value),
  );

function faultsOf(dashboard: Dashboard, panel: Panel): string[] {
  const faults: string[] = [];
  const fault = (what: string, name: unknown) => faults.push(`${place(dashboard, panel)}: no ${what} '${name}' in Grafana`);
  const config = panel.fieldConfig;

  for (const unit of [config?.defaults.unit, ...asProperty(panel, 'unit')]) {
    if (unit !== undefined && !units.has(unit as string) && !ownUnits.test(unit as string)) fault('unit', unit);
  }
  for (const list of values(panel.options, 'calcs')) {
    for (const calc of list as string[]) if (!grafana.fieldReducers.getIfExists(calc)) fault('reducer', calc);
  }
  for (const { id } of panel.transformations ?? []) if (!transformers.has(id)) fault('transformation', id);
  for (const { matcher } of config?.overrides ?? []) {
    if (!grafana.fieldMatchers.getIfExists(matcher.id)) fault('matcher of fields', matcher.id);
  }
  for (const key of ['color', 'fixedColor', 'lineColor']) {
    for (const color of values(config, key)) {
      if (typeof color === 'string' && !knownColor(color)) fault('colour', color);
    }
  }
  for (const color of [config?.defaults.color, ...asProperty(panel, 'color')] as { mode?: string }[]) {
    if (color?.mode && !grafana.fieldColorModeRegistry.getIfExists(color.mode)) fault('colour mode', color.mode);
  }
  return faults;
}

finish(read(process.argv[2]).flatMap((dashboard) => drawn(dashboard).flatMap((panel) => faultsOf(dashboard, panel))));
