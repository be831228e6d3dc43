// Transformations and field options, by Grafana's own code.
import {
  applyFieldOverrides,
  FieldConfigOptionsRegistry,
  standardTransformers,
  standardTransformersRegistry,
  transformDataFrame,
  type DataFrame,
  type DataTransformerConfig,
  type FieldConfigPropertyItem,
  type FieldConfigSource,
  type GrafanaTheme2,
} from '@grafana/data';
import type { Panel } from '@grafana/schema';
import { firstValueFrom } from 'rxjs';

import { timeZone } from './time.ts';
import { replaced, type Variables } from './variables.ts';

/** Grafana's server fills this registry when it starts. */
export function registerTransformations(): void {
  const all = new Map(Object.values(standardTransformers).map((transformer) => [transformer.id, transformer]));
  standardTransformersRegistry.setInit(() =>
    [...all.values()].map((transformer) => ({
      id: transformer.id,
      name: transformer.name,
      transformation: async () => transformer,
      editor: () => null,
      imageDark: '',
      imageLight: '',
    })),
  );
}

const standardOptions = [
  'unit', 'min', 'max', 'decimals', 'displayName', 'color', 'thresholds', 'mappings', 'noValue', 'links', 'filterable',
  'fieldMinMax',
];

// Field options are taken as they are written; these need no editor.
const option = (id: string, path: string, isCustom: boolean): FieldConfigPropertyItem => ({
  id,
  path,
  isCustom,
  name: id,
  process: (value) => value,
  shouldApply: () => true,
  override: () => null,
  editor: () => null,
});

/** The standard options, and those of its own that this panel sets. */
function optionsOf({ defaults, overrides }: FieldConfigSource): FieldConfigOptionsRegistry {
  const inOverrides = overrides.flatMap(({ properties }) => properties.map(({ id }) => id));
  const custom = new Set([
    ...Object.keys(defaults.custom ?? {}),
    ...inOverrides.filter((id) => id.startsWith('custom.')).map((id) => id.slice('custom.'.length)),
  ]);
  return new FieldConfigOptionsRegistry(() => [
    ...standardOptions.map((id) => option(id, id, false)),
    ...[...custom].map((id) => option(`custom.${id}`, id, true)),
  ]);
}

export interface Defaults {
  color: string;
  custom?: Record<string, unknown>;
}

/** The panel's field options over the defaults of its type. */
export function fieldConfigOf(panel: Panel, { color, custom }: Defaults): FieldConfigSource {
  const { defaults = {}, overrides = [] } = (panel.fieldConfig ?? {}) as Partial<FieldConfigSource>;
  return {
    defaults: { color: { mode: color }, ...defaults, custom: { ...custom, ...defaults.custom } },
    overrides,
  };
}

export async function prepared(
  panel: Panel,
  frames: DataFrame[],
  fieldConfig: FieldConfigSource,
  theme: GrafanaTheme2,
  variables: Variables,
): Promise<DataFrame[]> {
  const replaceVariables = (text: string) => replaced(text, variables);
  const transformations = (panel.transformations ?? []) as DataTransformerConfig[];
  const data = transformations.length
    ? await firstValueFrom(transformDataFrame(transformations, frames, { interpolate: replaceVariables }))
    : frames;
  return applyFieldOverrides({
    data,
    fieldConfig,
    fieldConfigRegistry: optionsOf(fieldConfig),
    replaceVariables,
    theme,
    timeZone,
  });
}
