// What the checks read: the generated JSON, as plain as Grafana gets it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Target {
  refId: string;
  expr: string;
  instant?: boolean;
  range?: boolean;
  format?: string;
  legendFormat?: string;
  datasource?: { type?: string; uid?: string };
}

export interface Override {
  matcher: { id: string; options?: unknown };
  properties: { id: string; value?: unknown }[];
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { uid?: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Target[];
  interval?: string;
  options?: Record<string, any>;
  transformations?: { id: string; options: Record<string, any> }[];
  fieldConfig?: { defaults: Record<string, any>; overrides: Override[] };
}

export interface Variable {
  name: string;
  label?: string;
  type: string;
  query: string | { query: string };
  datasource?: { uid?: string };
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
  refresh?: number;
}

export interface Dashboard {
  uid: string;
  title: string;
  description?: string;
  tags: string[];
  editable: boolean;
  timezone: string;
  refresh: string;
  time: { from: string; to: string };
  links: { type: string; tags: string[]; keepTime: boolean }[];
  templating: { list: Variable[] };
  panels: Panel[];
}

export const read = (folder: string): Dashboard[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));

export const drawn = (dashboard: Dashboard): Panel[] => dashboard.panels.filter((panel) => panel.type !== 'row');

export const queryOf = (variable: Variable): string =>
  typeof variable.query === 'string' ? variable.query : variable.query.query;

export const place = (dashboard: Dashboard, panel: Panel, target?: Target): string =>
  `${dashboard.uid}, ${panel.id} '${panel.title}'${target ? `, ${target.refId}` : ''}`;

/** Prints faults, one a line, and ends the program accordingly. */
export function finish(faults: string[]): void {
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length ? 1 : 0;
}
