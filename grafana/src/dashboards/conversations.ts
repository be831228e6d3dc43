import { bad, good, neutral, second, third, warning } from '../pieces/colors';
import { beside, page } from '../pieces/page';
import { areas, bars, dial, figure, lines, number } from '../pieces/panels';
import { inRange, inWindow, mean, named, now, quantile, rate, ratio, slaCompliance } from '../pieces/promql';
import { line, value } from '../pieces/queries';
import * as limits from '../pieces/thresholds';

const breachedShare = (window: string) =>
  ratio(
    `sum(${inWindow(window, 'crm_sla_conversations_total', 'outcome="breached"')})`,
    `sum(${inWindow(window, 'crm_sla_conversations_total')})`,
  );

const budget = (1 - limits.slaObjective).toFixed(1);
const burn = (window: string) => `(${breachedShare(window)}) / ${budget}`;

const fine =
  ' A first response is the first human reply after the customer’s first message, or after the bot’s hand-off where ' +
  'that came later.';

const nowAndRange = beside(
  6,
  [
    5,
    dial({
      title: 'SLA compliance',
      description:
        'Of the conversations whose outcome became known in the range: first response within the target. Those still ' +
        'inside the target, those of the bot alone and those in which the customer never wrote do not count.' +
        fine +
        ' The objective is 90 %.',
      unit: 'percentunit',
      decimals: 1,
      min: 0,
      max: 1,
      thresholds: limits.badBelow(limits.slaObjective),
      queries: [value('compliant', slaCompliance(inRange))],
    }),
  ],
  [
    4,
    figure({
      title: 'Error budget left, 30 days',
      description:
        'Ten of a hundred conversations may breach the SLA. How much of that allowance the last 30 days have left; below ' +
        'zero, more breached than may.',
      unit: 'percentunit',
      decimals: 0,
      thresholds: limits.steps(bad, [0, warning], [0.25, good]),
      queries: [value('left', `1 - ${burn('30d')}`)],
    }),
  ],
  [
    5,
    number({
      title: 'Waiting for the first response',
      description:
        'Open conversations whose customer waits for the first response now: still inside the SLA target, and past it. ' +
        'Overdue ones are red from 5 on.' +
        fine,
      unit: 'none',
      decimals: 0,
      colors: { 'in time': neutral },
      thresholds: limits.badFrom(limits.overdueConversations),
      queries: [
        line('in time', `sum(${now('crm_sla_waiting', 'state="in_time"')})`),
        line('overdue', `sum(${now('crm_sla_waiting', 'state="overdue"')})`),
      ],
    }),
  ],
  [
    5,
    figure({
      title: 'Mean waits',
      description:
        'Of the range. First response: from a customer’s first message to the first human reply. Response: of every ' +
        'customer turn that a human answered. Orange above the SLA target, red above one and a half times of it.',
      unit: 's',
      thresholds: limits.responseTime(),
      queries: [
        value('first response', mean('crm_first_response_seconds', inRange)),
        value('response', mean('crm_response_seconds', inRange)),
      ],
    }),
  ],
  [
    5,
    figure({
      title: 'Conversations of the range',
      description: 'Created and resolved in the range, whenever those resolved had been created.',
      unit: 'none',
      decimals: 0,
      queries: [
        value('created', `sum(${inRange('crm_conversations_created_total')})`),
        value('resolved', `sum(${inRange('crm_conversations_resolved_total')})`),
      ],
    }),
  ],
);

const sla = beside(
  11,
  [
    12,
    lines({
      title: 'SLA compliance over time',
      description: 'Share of conversations with a first response within the target, of each step. Dashed: the objective.',
      unit: 'percentunit',
      softMin: 0.8,
      max: 1,
      thresholds: limits.badBelow(limits.slaObjective),
      limits: true,
      interval: '30m',
      legend: ['lastNotNull', 'mean', 'min'],
      colors: { compliant: neutral },
      queries: [line('compliant', slaCompliance(rate))],
    }),
  ],
  [
    12,
    lines({
      title: 'Error budget burn',
      description:
        'How many times faster than allowed conversations breach the SLA, over several windows: 1 uses up the budget of 30 ' +
        'days in 30 days, 10 means that all breach. Alerts: 6 over 1 h or 3 over 6 h are critical, 2 over 1 d or 1 over ' +
        '3 d a warning.',
      unit: 'suffix:×',
      decimals: 1,
      thresholds: limits.steps(good, [limits.burnRates.low, warning], [limits.burnRates.high, bad]),
      limits: true,
      legend: ['lastNotNull', 'max'],
      colors: { '1 h': third, '6 h': neutral, '1 d': second, '3 d': warning },
      queries: [
        line('1 h', burn('1h')),
        line('6 h', burn('6h')),
        line('1 d', burn('1d')),
        line('3 d', burn('3d')),
      ],
    }),
  ],
);

const waits = beside(
  11,
  [
    12,
    lines({
      title: 'Response time',
      description:
        'How long customer turns had waited when a human answered them: mean, and what half (p50) and nine of ten (p90) ' +
        'did not exceed, estimated from the buckets of a histogram.',
      unit: 's',
      logarithmic: true,
      interval: '30m',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { mean: neutral, p50: third, p90: second, target: warning },
      targets: ['target'],
      queries: [
        line('mean', mean('crm_response_seconds')),
        line('p50', quantile(0.5, 'crm_response_seconds')),
        line('p90', quantile(0.9, 'crm_response_seconds')),
        line('target', `max(${now('crm_sla_target_seconds')})`),
      ],
    }),
  ],
  [
    12,
    lines({
      title: 'First response',
      description: 'How long customers had waited for the first human reply, at the reply.' + fine,
      unit: 's',
      logarithmic: true,
      interval: '30m',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { mean: neutral, p50: third, p90: second, target: warning },
      targets: ['target'],
      queries: [
        line('mean', mean('crm_first_response_seconds')),
        line('p50', quantile(0.5, 'crm_first_response_seconds')),
        line('p90', quantile(0.9, 'crm_first_response_seconds')),
        line('target', `max(${now('crm_sla_target_seconds')})`),
      ],
    }),
  ],
);

const flow = beside(
  10,
  [
    12,
    lines({
      title: 'Created against resolved',
      description:
        'Conversations an hour. While more are created than resolved, the open ones grow. One that is reopened and ' +
        'resolved again counts again.',
      unit: 'suffix:/h',
      interval: '30m',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { created: neutral, resolved: good },
      queries: [
        line('created', `3600 * sum(${rate('crm_conversations_created_total')})`),
        line('resolved', `3600 * sum(${rate('crm_conversations_resolved_total')})`),
      ],
    }),
  ],
  [
    12,
    areas({
      title: 'Open conversations',
      description:
        'Open at each moment, by what they wait for: the first response, inside the SLA target or past it, and all others.',
      unit: 'none',
      decimals: 0,
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { others: neutral, 'first response, in time': good, 'first response, overdue': bad },
      queries: [
        line('others', `sum(${now('crm_conversations_active')}) - sum(${now('crm_sla_waiting')})`),
        line('first response, in time', `sum(${now('crm_sla_waiting', 'state="in_time"')})`),
        line('first response, overdue', `sum(${now('crm_sla_waiting', 'state="overdue"')})`),
      ],
    }),
  ],
);

const resolution = beside(
  11,
  [
    12,
    lines({
      title: 'Resolution time',
      description:
        'From the creation of conversations to their resolution, at the resolution: mean, p50, p90. ' +
        'Nights and weekends are part of it.',
      unit: 's',
      logarithmic: true,
      interval: '30m',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { mean: neutral, p50: third, p90: second },
      queries: [
        line('mean', mean('crm_resolution_seconds')),
        line('p50', quantile(0.5, 'crm_resolution_seconds')),
        line('p90', quantile(0.9, 'crm_resolution_seconds')),
      ],
    }),
  ],
  [
    12,
    bars({
      title: 'Conversations per agent',
      description:
        'Conversations created in the range, by the agent who had them when they were counted: the 10 with most. Those of ' +
        'nobody are not here.',
      unit: 'none',
      decimals: 0,
      queries: [
        value(
          '{{name}}',
          `sort_desc(topk(10, ${named(`sum by (agent) (${inRange('crm_agent_chats_total')})`)}))`,
        ),
      ],
    }),
  ],
);

export const conversations = () =>
  page({
    uid: 'crm-conversations',
    title: 'CRM / Conversations',
    description: 'Do customers get an answer in time, and do conversations get done?',
    from: 'now-24h',
    sections: [{ lines: [nowAndRange, sla, waits, flow, resolution] }],
  });
