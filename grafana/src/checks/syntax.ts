// Writes all expressions as a file of rules, for promtool to parse: node syntax.js DASHBOARDS > rules.yml
import { read } from './dashboards';
import { expressionsOf } from './expressions';

const rules = read(process.argv[2])
  .flatMap(expressionsOf)
  .map(({ where, expr }) => ({ record: 'dashboard:expression', expr, labels: { where } }));
// JSON is YAML.
console.log(JSON.stringify({ groups: [{ name: 'dashboards', rules }] }, null, 1));
