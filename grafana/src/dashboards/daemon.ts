import { bad, good, neutral, quiet, second, warning } from '../pieces/colors';
import { words } from '../pieces/mappings';
import { beside, page, PanelLine } from '../pieces/page';
import { areas, columns, lamp, lines, number, states } from '../pieces/panels';
import { ratio, series } from '../pieces/promql';
import { column, line, value } from '../pieces/queries';
import { grid, joined, looks } from '../pieces/tables';
import * as limits from '../pieces/thresholds';

// Of the daemon itself every instance speaks for itself: nothing here is read once for all replicas.
const growing = (family: string, ...matchers: string[]) =>
  `rate(${series(family, ...matchers)}[$__rate_interval])`;
const inRange = (family: string, ...matchers: string[]) => `increase(${series(family, ...matchers)}[$__range])`;

const api = 'route=~"/api/.*"';
const requests = 'crm_http_request_duration_seconds';
const upOrDown = words([1, 'up', good], [0, 'down', bad]);

const glance = beside(
  4,
  [
    3,
    lamp({
      title: 'Instances',
      description: 'Of crm-metricsd that Prometheus cannot scrape.',
      unit: 'suffix:down',
      decimals: 0,
      thresholds: limits.badFrom(1),
      mappings: words([0, 'all up', good]),
      queries: [value('down', `sum(1 - ${series('up')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'PostgreSQL',
      description: 'Whether the last attempt to reach it succeeded, of the worst instance.',
      unit: 'none',
      decimals: 0,
      thresholds: limits.badBelow(1),
      mappings: upOrDown,
      queries: [value('up', `min(${series('crm_postgres_up')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'Redis',
      description: 'Whether the last attempt to reach the configured Redis succeeded, of the worst instance.',
      unit: 'none',
      decimals: 0,
      thresholds: limits.badBelow(1),
      mappings: upOrDown,
      queries: [value('up', `min(${series('crm_redis_up')})`)],
    }).noValue('none configured'),
  ],
  [
    3,
    lamp({
      title: 'Collectors',
      description: 'Collectors whose last run failed, of all instances.',
      unit: 'suffix:failing',
      decimals: 0,
      thresholds: limits.badFrom(1),
      mappings: words([0, 'all well', good]),
      queries: [value('failing', `sum(1 - ${series('crm_collector_success')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'Plugins',
      description: 'Configured plugins that could not be loaded.',
      unit: 'suffix:not loaded',
      decimals: 0,
      thresholds: limits.badFrom(1),
      mappings: words([0, 'all well', good]),
      queries: [value('not loaded', `sum(1 - ${series('crm_plugins_loaded')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'Configuration',
      description: 'Whether the last loading of the configuration succeeded; if not, an older one is in force.',
      unit: 'none',
      decimals: 0,
      thresholds: limits.badBelow(1),
      mappings: words([1, 'ok', good], [0, 'failed', bad]),
      queries: [value('in force', `min(${series('crm_config_last_reload_successful')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'Rollup lag',
      description: 'Age of the oldest change of the CRM’s rows that is not counted yet. Red above 120 s.',
      unit: 's',
      decimals: 0,
      thresholds: limits.badFrom(limits.rollupLagSeconds),
      queries: [value('lag', `max(${series('crm_rollup_lag_seconds')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'API errors',
      description: 'Of the API’s requests in the range, those answered with a status from 500 on. Red above 1 %.',
      unit: 'percentunit',
      decimals: 1,
      thresholds: limits.badFrom(limits.apiErrors),
      queries: [
        value(
          'errors',
          ratio(
            `(sum(${inRange(`${requests}_count`, api, 'code=~"5.."')}) or vector(0))`,
            `sum(${inRange(`${requests}_count`, api)})`,
          ),
        ),
      ],
    }).noValue('no requests'),
  ],
);

const byCollector = (name: string, vector: string) => column(name, `max by (collector) (${vector})`);

const collectors: PanelLine[] = [
  beside(
    10,
    [
      14,
      joined(
        grid({
          title: 'Collectors',
          description:
            'Of the worst instance each. Age: since the last successful run ended. Duration: of the last run. Runs and ' +
            'failures, timeouts included: of the range. Skipped: rows left out because a value was NULL or could not be ' +
            'read. Dropped: series not shown under their own labels.',
          unit: 'none',
          decimals: 0,
          queries: [
            column('state', `min by (collector) (${series('crm_collector_success')})`),
            byCollector('age', `time() - ${series('crm_collector_last_success_timestamp_seconds')}`),
            byCollector('duration', series('crm_collector_duration_seconds')),
            column('runs', `sum by (collector) (${inRange('crm_collector_runs_total')})`),
            column('failures', `sum by (collector) (${inRange('crm_collector_runs_total', 'result=~"failed|timeout"')})`),
            column('skipped', `sum by (collector) (${inRange('crm_collector_rows_skipped_total')})`),
            byCollector('dropped', series('crm_collector_dropped_series')),
          ],
        }),
        {
          collector: 'Collector',
          state: 'State',
          age: 'Age',
          duration: 'Duration',
          runs: 'Runs',
          failures: 'Failures',
          skipped: 'Skipped',
          dropped: 'Dropped',
        },
        ['job'],
        'Duration',
      )
        .withOverride(looks('Collector', { 'custom.width': 200 }))
        .withOverride(
          looks('State', {
            mappings: words([1, 'well', good], [0, 'failing', bad]),
            'custom.cellOptions': { type: 'color-text' },
            'custom.width': 80,
          }),
        )
        .withOverride(looks('Age', { unit: 's', 'custom.width': 80 }))
        .withOverride(looks('Duration', { unit: 's', decimals: 0, 'custom.width': 90 })),
    ],
    [
      10,
      lines({
        title: 'Duration of collectors',
        description: 'How long the last run of each collector took, of the slowest instance.',
        unit: 's',
        legend: ['lastNotNull', 'max'],
        queries: [line('{{collector}}', `max by (collector) (${series('crm_collector_duration_seconds')})`)],
      }),
    ],
  ),
  beside(
    10,
    [
      8,
      columns({
        title: 'Runs by result',
        description:
          'Runs of collectors a minute. Partial: a part of the report could not be had. Timeout: past its deadline.',
        unit: 'suffix:/min',
        decimals: 1,
        legend: ['lastNotNull', 'max'],
        colors: { ok: good, partial: warning, failed: bad, timeout: second },
        queries: [line('{{result}}', `60 * sum by (result) (${growing('crm_collector_runs_total')})`)],
      }),
    ],
    [
      8,
      lines({
        title: 'Age of collectors',
        description:
          'Time since the last successful run of each collector ended, of the worst instance. After three intervals its ' +
          'families are not shown any more.',
        unit: 's',
        decimals: 0,
        legend: ['lastNotNull', 'max'],
        queries: [
          line(
            '{{collector}}',
            `max by (collector) (time() - ${series('crm_collector_last_success_timestamp_seconds')})`,
          ),
        ],
      }),
    ],
    [
      8,
      lines({
        title: 'What was not counted',
        description:
          'Rows a minute that collectors left out because a value was NULL or could not be read; rows of the last runs with ' +
          'a word that the configuration does not know; series not shown under their own labels.',
        unit: 'none',
        decimals: 0,
        legend: ['lastNotNull', 'max'],
        colors: { 'rows skipped a minute': bad, 'rows with unknown words': warning, 'series dropped': second },
        queries: [
          line('rows skipped a minute', `60 * sum(${growing('crm_collector_rows_skipped_total')})`),
          line('rows with unknown words', `max(sum by (instance) (${series('crm_collector_unknown_words')})) or vector(0)`),
          line('series dropped', `sum(${series('crm_collector_dropped_series')})`),
        ],
      }),
    ],
  ),
];

const statements = 'crm_query_duration_seconds';
const byStatement = (part: string) => `sum by (statement) (${growing(`${statements}_${part}`)})`;

const postgres = beside(
  10,
  [
    10,
    lines({
      title: 'Slowest statements',
      description: 'Mean duration in PostgreSQL of the 8 statements that are slowest at each moment.',
      unit: 's',
      legend: ['lastNotNull', 'max'],
      queries: [line('{{statement}}', `topk(8, ${byStatement('sum')} / (${byStatement('count')} > 0))`)],
    }),
  ],
  [
    7,
    lines({
      title: 'Statements',
      description: 'Duration in PostgreSQL of all statements together: mean, and what nine and 99 of 100 did not exceed.',
      unit: 's',
      legend: ['lastNotNull', 'max'],
      colors: { mean: neutral, p90: second, p99: warning },
      queries: [
        line('mean', ratio(`sum(${growing(`${statements}_sum`)})`, `sum(${growing(`${statements}_count`)})`)),
        line('p90', `histogram_quantile(0.9, sum by (le) (${growing(`${statements}_bucket`)}))`),
        line('p99', `histogram_quantile(0.99, sum by (le) (${growing(`${statements}_bucket`)}))`),
      ],
    }),
  ],
  [
    7,
    areas({
      title: 'Connections',
      description: 'Connections to PostgreSQL, of all instances.',
      unit: 'none',
      decimals: 0,
      legend: ['lastNotNull', 'max'],
      colors: { busy: neutral, idle: quiet },
      queries: ['busy', 'idle'].map((state) => line(state, `sum(${series('crm_pool_connections', `state="${state}"`)})`)),
    }),
  ],
);

const rollup = beside(
  10,
  [
    8,
    lines({
      title: 'Rollup lag',
      description:
        'Age of the oldest change of the CRM’s rows that is not counted yet; 0 while none waits. Dashed: the alert’s limit, 120 s.',
      unit: 's',
      decimals: 0,
      thresholds: limits.badFrom(limits.rollupLagSeconds),
      limits: true,
      legend: ['lastNotNull', 'max'],
      colors: { lag: neutral },
      queries: [line('lag', `max(${series('crm_rollup_lag_seconds')})`)],
    }),
  ],
  [
    8,
    columns({
      title: 'Steps of the rollup',
      description: 'A minute, by how they ended. Busy: it was another instance’s turn. Outrun: another one was faster.',
      unit: 'suffix:/min',
      decimals: 1,
      legend: ['lastNotNull', 'max'],
      colors: { ok: good, busy: neutral, outrun: warning, failed: bad },
      queries: [line('{{result}}', `60 * sum by (result) (${growing('crm_rollup_steps_total')})`)],
    }),
  ],
  [
    8,
    lines({
      title: 'What the rollup counts',
      description: 'Changes of the CRM’s rows and periods of facts (hours, days) that all instances counted, a minute.',
      unit: 'suffix:/min',
      decimals: 0,
      legend: ['lastNotNull', 'max'],
      colors: { changes: neutral, periods: second },
      queries: [
        line('changes', `60 * sum(${growing('crm_rollup_changes_total')})`),
        line('periods', `60 * sum(${growing('crm_rollup_periods_total')})`),
      ],
    }),
  ],
);

const http = beside(
  9,
  [
    8,
    lines({
      title: 'Requests by route',
      description: 'Requests a minute, of all instances; scrapes are /metrics.',
      unit: 'suffix:/min',
      decimals: 1,
      legend: ['lastNotNull', 'max'],
      queries: [line('{{route}}', `60 * sum by (route) (${growing(`${requests}_count`)})`)],
    }),
  ],
  [
    8,
    lines({
      title: 'API errors',
      description:
        'Of the API’s requests: those answered with a status from 500 on (the daemon’s fault) and from 400 to 499 (the ' +
        'caller’s). Dashed: the alert’s limit, 1 %.',
      unit: 'percentunit',
      softMax: 0.05,
      thresholds: limits.badFrom(limits.apiErrors),
      limits: true,
      legend: ['lastNotNull', 'max'],
      colors: { 'from 500 on': bad, '400 to 499': warning },
      queries: [
        line(
          'from 500 on',
          ratio(
            `(sum(${growing(`${requests}_count`, api, 'code=~"5.."')}) or vector(0))`,
            `sum(${growing(`${requests}_count`, api)})`,
          ),
        ),
        line(
          '400 to 499',
          ratio(
            `(sum(${growing(`${requests}_count`, api, 'code=~"4.."')}) or vector(0))`,
            `sum(${growing(`${requests}_count`, api)})`,
          ),
        ),
      ],
    }),
  ],
  [
    8,
    lines({
      title: 'Time to answer by route',
      description: 'What 95 of 100 requests did not exceed. Dashed: the alert’s limit for the API, 3 s.',
      unit: 's',
      thresholds: limits.badFrom(limits.apiSeconds),
      limits: true,
      legend: ['lastNotNull', 'max'],
      queries: [
        line(
          '{{route}}',
          `histogram_quantile(0.95, sum by (le, route) (${growing(`${requests}_bucket`)})) >= 0`,
        ),
      ],
    }),
  ],
);

const process = beside(
  8,
  [
    6,
    lines({
      title: 'Memory',
      description: 'Resident memory of each instance.',
      unit: 'bytes',
      legend: ['lastNotNull', 'max'],
      queries: [line('{{instance}}', series('process_resident_memory_bytes'))],
    }),
  ],
  [
    6,
    lines({
      title: 'CPU',
      description: 'Share of one core that each instance uses.',
      unit: 'percentunit',
      decimals: 1,
      legend: ['lastNotNull', 'max'],
      queries: [line('{{instance}}', growing('process_cpu_seconds_total'))],
    }),
  ],
  [
    6,
    lines({
      title: 'File descriptors',
      description: 'Open ones of each instance, connections included.',
      unit: 'none',
      decimals: 0,
      legend: ['lastNotNull', 'max'],
      queries: [line('{{instance}}', series('process_open_fds'))],
    }),
  ],
  [
    6,
    lines({
      title: 'Requests in flight',
      description: 'Requests being answered, by listener, of all instances.',
      unit: 'none',
      decimals: 0,
      legend: ['lastNotNull', 'max'],
      colors: { api: neutral, admin: quiet },
      queries: [line('{{listener}}', `sum by (listener) (${series('crm_http_requests_in_flight')})`)],
    }),
  ],
);

const reached = beside(
  7,
  [
    12,
    states({
      title: 'What the daemon reaches',
      description:
        'Whether the last attempt to reach it succeeded, of the worst instance; the configuration is green while the last ' +
        'loading succeeded. Gateways are here where some are configured.',
      unit: 'none',
      decimals: 0,
      thresholds: limits.badBelow(1),
      mappings: upOrDown,
      queries: [
        line('PostgreSQL', `min(${series('crm_postgres_up')})`),
        line('Redis', `min(${series('crm_redis_up')})`),
        line('gateway {{gateway}}', `min by (gateway) (${series('crm_gateway_up')})`),
        line('configuration', `min(${series('crm_config_last_reload_successful')})`),
      ],
    }),
  ],
  [
    6,
    number({
      title: 'Runs for',
      description: 'Since each instance started.',
      unit: 's',
      decimals: 1,
      queries: [line('{{instance}}', `time() - ${series('process_start_time_seconds')}`)],
    }),
  ],
  [
    6,
    number({
      title: 'Configuration in force for',
      description: 'Since it was loaded, of each instance.',
      unit: 's',
      decimals: 1,
      queries: [line('{{instance}}', `time() - ${series('crm_config_last_reload_timestamp_seconds')}`)],
    }),
  ],
);

export const daemon = () =>
  page({
    uid: 'crm-daemon',
    title: 'CRM / Daemon',
    description: 'Is crm-metricsd itself well, and are its numbers fresh?',
    from: 'now-24h',
    sections: [
      { lines: [glance] },
      { heading: 'Collectors', lines: collectors },
      { heading: 'PostgreSQL', lines: [postgres] },
      { heading: 'Stored history', lines: [rollup] },
      { heading: 'HTTP', lines: [http] },
      { heading: 'Process and neighbours', lines: [process, reached] },
    ],
  });
