// Writes all dashboards as JSON into a folder: node generate.js FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

import { agents } from './dashboards/agents';
import { automation } from './dashboards/automation';
import { business } from './dashboards/business';
import { conversations } from './dashboards/conversations';
import { customerLoad } from './dashboards/customers';
import { daemon } from './dashboards/daemon';
import { overview } from './dashboards/overview';
import { whatsapp } from './dashboards/whatsapp';

const all = [overview, conversations, whatsapp, customerLoad, agents, automation, business, daemon];

// The SDK fills in options of other kinds of variables (auto*), one that Grafana has given up (a table's footer), and one
// that hides links in a menu.
function cleaned(dashboard: Dashboard): unknown {
  const plain = JSON.parse(JSON.stringify(dashboard));
  for (const variable of plain.templating.list) {
    for (const key of Object.keys(variable)) if (key.startsWith('auto')) delete variable[key];
  }
  for (const link of plain.links) delete link.placement;
  for (const panel of plain.panels) {
    if (panel.type === 'table') delete panel.options?.footer;
    for (const link of panel.links ?? []) delete link.placement;
  }
  return plain;
}

const folder = process.argv[2];
if (!folder) throw new Error('say where to: node generate.js FOLDER');
mkdirSync(folder, { recursive: true });
for (const make of all) {
  const dashboard = make();
  writeFileSync(join(folder, `${dashboard.uid}.json`), `${JSON.stringify(cleaned(dashboard), null, 2)}\n`);
}
