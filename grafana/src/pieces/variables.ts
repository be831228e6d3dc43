import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { datasource } from './queries';

const all = { selected: true, text: 'All', value: '$__all' };

// What Grafana's editor of variables calls the two kinds of queries.
const labelValues = 1;
const queryResult = 3;

const chooser = (name: string, label: string, qryType: number, query: string) =>
  new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({ qryType, query, refId: 'PrometheusVariableQueryEditor-VariableQuery' })
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current(all);

export const source = () => new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');

export const job = () =>
  chooser('job', 'Job', labelValues, 'label_values(crm_build_info, job)').description('Of the scrape: one for each CRM.');

export const instance = () =>
  chooser('instance', 'Instance', labelValues, 'label_values(crm_build_info{job=~"$job"}, instance)').description(
    'Replicas of the daemon. They say the same of the business, each its own of itself.',
  );

/** Shows names, chooses ids. */
export const agent = () =>
  chooser(
    'agent',
    'Agent',
    queryResult,
    'query_result(max by (agent, name) (crm_agent_info{job=~"$job", instance=~"$instance"}))',
  ).regex('/name="(?<text>[^"]+)|agent="(?<value>[^"]+)/g');
