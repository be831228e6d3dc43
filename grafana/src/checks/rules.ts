// The rules of Grafana's dashboard-linter that apply here, and some of our own: node rules.js DASHBOARDS FAMILIES...
// FAMILIES are files that name every metric there is.
import { readFileSync } from 'node:fs';

import { Dashboard, drawn, finish, Panel, place, queryOf, read, Target } from './dashboards';
import { exempt, ownWindows } from './exemptions';

const [folder, ...familyFiles] = process.argv.slice(2);
const families = new Set(
  familyFiles.flatMap((file) => readFileSync(file, 'utf8').match(/\b(crm|process)_[a-z_]+[a-z]\b/g) ?? []),
).add('up');
const faults: string[] = [];
const demand = (holds: unknown, fault: string) => {
  if (!holds) faults.push(fault);
};

const selectors = (expr: string) => [...expr.matchAll(/\b((?:crm|process)_\w+|up)\{([^}]*)\}/g)];
const familyOf = (name: string) => (families.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''));
const isCounter = (name: string) => /_(total|bucket|count|sum)$/.test(name);
// Of the daemon itself; everything else is of the business, which every replica exports alike.
const ofTheDaemon = /^(up$|process_|crm_(build|collector|config|gateway|http|plugins|pool|postgres|query|redis|rollup)_)/;
const readOnce = /max (without \(instance, pod\)|by \([\w, ]+\)) \((rate\(|increase\()?$/;

function checkDashboard(board: Dashboard) {
  const says = (fault: string) => `${board.uid}: ${fault}`;
  demand(board.description, says('has no description'));
  demand(board.timezone === 'browser' && board.refresh === '30s', says('time zone browser, refresh 30s'));
  demand(!board.editable, says('can be edited, though it is generated'));
  demand(board.tags.includes('crm'), says('lacks the tag crm, so the others do not link it'));
  demand(
    board.links.some((link) => link.type === 'dashboards' && link.tags.includes('crm') && link.keepTime),
    says('does not link the others by their tag, with the time kept'),
  );
  const variable = (name: string) => board.templating.list.find((one) => one.name === name);
  const source = variable('datasource');
  demand(source?.type === 'datasource' && source.query === 'prometheus', says('has no variable datasource of Prometheus'));
  for (const name of ['job', 'instance']) {
    const one = variable(name);
    demand(
      one?.type === 'query' && one.multi && one.includeAll && one.allValue === '.+' && one.refresh === 2,
      says(`variable ${name}: of a query, several at once, all as .+, refreshed with the time range`),
    );
    demand(one?.datasource?.uid === '${datasource}', says(`variable ${name} has another data source`));
  }
  for (const one of board.templating.list.filter(({ type, name }) => type === 'query' && name !== 'job')) {
    demand(queryOf(one).includes('job=~"$job"'), says(`variable ${one.name} does not depend on job`));
  }
  const ids = board.panels.map(({ id }) => id);
  demand(new Set(ids).size === ids.length && ids.every(Boolean), says('panels without an id of their own'));
  for (const [index, { gridPos: one, title }] of board.panels.entries()) {
    demand(one.x >= 0 && one.x + one.w <= 24, says(`'${title}' leaves the page`));
    for (const { gridPos: other, title: its } of board.panels.slice(index + 1)) {
      const apart =
        one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y || other.y + other.h <= one.y;
      demand(apart, says(`'${title}' and '${its}' overlap`));
    }
  }
}

function checkPanel(board: Dashboard, panel: Panel) {
  const where = place(board, panel);
  demand(panel.title, `${where}: no title`);
  demand((panel.description ?? '').length > 10, `${where}: no description`);
  demand(panel.fieldConfig?.defaults.unit, `${where}: no unit`);
  demand(panel.datasource?.uid === '${datasource}', `${where}: another data source`);
  demand(panel.targets?.length, `${where}: no query`);
  const refIds = (panel.targets ?? []).map(({ refId }) => refId);
  demand(new Set(refIds).size === refIds.length, `${where}: queries with the same letter`);
  if (panel.type === 'timeseries') {
    demand(panel.fieldConfig?.defaults.custom?.spanNulls > 3_600_000, `${where}: gaps of an hour are not spanned`);
  }
}

function checkTarget(board: Dashboard, panel: Panel, target: Target) {
  const where = place(board, panel, target);
  demand(target.datasource?.uid === '${datasource}', `${where}: another data source`);
  demand(target.legendFormat || target.format === 'table', `${where}: no legend`);
  const found = selectors(target.expr);
  demand(found.length, `${where}: reads no metric`);
  const names = target.expr.replace(/"[^"]*"/g, '').match(/\b(crm|process)_\w+/g) ?? [];
  demand(names.length <= found.length, `${where}: a metric without matchers`);
  for (const match of found) {
    const [, name, matchers] = match;
    const before = target.expr.slice(0, match.index);
    demand(families.has(familyOf(name)), `${where}: there is no metric ${name}`);
    demand(matchers.includes('job=~"$job"'), `${where}: ${name} of all jobs`);
    demand(matchers.includes('instance=~"$instance"'), `${where}: ${name} of all instances`);
    if (isCounter(name)) demand(/(rate|increase)\($/.test(before), `${where}: counter ${name} without rate or increase`);
    if (!ofTheDaemon.test(name)) demand(readOnce.test(before), `${where}: ${name} counts once for every replica`);
  }
  for (const [, window] of target.expr.matchAll(/\[([^\]]*)\]/g)) {
    const usual = window === '$__rate_interval' || window === '$__range';
    demand(usual || exempt(ownWindows, where), `${where}: window ${window} is not $__rate_interval or $__range`);
  }
}

for (const board of read(folder)) {
  checkDashboard(board);
  for (const panel of drawn(board)) {
    checkPanel(board, panel);
    for (const target of panel.targets ?? []) checkTarget(board, panel, target);
  }
}
finish(faults);
