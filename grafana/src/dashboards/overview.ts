import { bad, good, neutral, second, third, warning } from '../pieces/colors';
import { words } from '../pieces/mappings';
import { beside, page } from '../pieces/page';
import { columns, dial, lamp, lines, number } from '../pieces/panels';
import { deliveryRate, inRange, mean, now, rate, ratio, series, slaCompliance } from '../pieces/promql';
import { line, value } from '../pieces/queries';
import * as limits from '../pieces/thresholds';

const pages = {
  conversations: { title: 'Conversations', uid: 'crm-conversations' },
  whatsapp: { title: 'WhatsApp', uid: 'crm-whatsapp' },
  business: { title: 'Business', uid: 'crm-business' },
  daemon: { title: 'Daemon', uid: 'crm-daemon' },
};

const kpis = beside(
  5,
  [
    5,
    number({
      title: 'Active conversations',
      description: 'Conversations that are open now: created, and not resolved.',
      unit: 'none',
      decimals: 0,
      more: pages.conversations,
      queries: [line('open', `sum(${now('crm_conversations_active')})`)],
    }),
  ],
  [
    5,
    number({
      title: 'Mean response time today',
      description:
        'How long customer turns that a human answered since business midnight had waited, on average. Orange above the ' +
        'SLA target (300 s), red above one and a half times of it.',
      unit: 's',
      thresholds: limits.responseTime(),
      more: pages.conversations,
      queries: [line('mean', `max(${now('crm_response_today_mean_seconds')})`)],
    }),
  ],
  [
    5,
    number({
      title: 'Delivery rate today',
      description:
        'Delivered or read, of the outbound messages created since business midnight that left the queue. Those still ' +
        'on their way count as not delivered. Red below 90 %.',
      unit: 'percentunit',
      decimals: 1,
      thresholds: limits.badBelow(limits.leastDelivery),
      more: pages.whatsapp,
      queries: [line('delivered', `min(${now('crm_delivery_ratio')})`)],
    }),
  ],
  [
    5,
    number({
      title: 'Open tickets',
      description: 'Tickets that are open now, of all priorities.',
      unit: 'none',
      decimals: 0,
      more: pages.business,
      queries: [line('open', `sum(${now('crm_tickets_open')})`)],
    }),
  ],
  [
    4,
    number({
      title: 'Messages today',
      description: 'Messages created since business midnight, in both directions.',
      unit: 'none',
      decimals: 0,
      more: pages.whatsapp,
      queries: [line('messages', `sum(${now('crm_messages_today')})`)],
    }),
  ],
);

const isItAllRight = beside(
  4,
  [
    3,
    lamp({
      title: 'Daemon',
      description: 'Instances of crm-metricsd that Prometheus cannot scrape.',
      unit: 'suffix:down',
      decimals: 0,
      thresholds: limits.badFrom(1),
      mappings: words([0, 'up', good]),
      more: pages.daemon,
      queries: [value('down', `sum(1 - ${series('up')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'PostgreSQL',
      description: 'Instances of the daemon whose last attempt to reach the CRM’s database failed.',
      unit: 'suffix:down',
      decimals: 0,
      thresholds: limits.badFrom(1),
      mappings: words([0, 'up', good]),
      more: pages.daemon,
      queries: [value('not reached', `sum(1 - ${series('crm_postgres_up')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'Collectors',
      description: 'Collectors whose last run failed. Their numbers are missing or old.',
      unit: 'suffix:failing',
      decimals: 0,
      thresholds: limits.badFrom(1),
      mappings: words([0, 'all well', good]),
      more: pages.daemon,
      queries: [value('failing', `sum(1 - ${series('crm_collector_success')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'Behind',
      description:
        'Age of the oldest change in the CRM that is not in the stored history yet. Above 120 s history falls behind.',
      unit: 's',
      decimals: 0,
      thresholds: limits.badFrom(limits.rollupLagSeconds),
      more: pages.daemon,
      queries: [value('behind', `max(${series('crm_rollup_lag_seconds')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'WhatsApp',
      description: 'Sessions that are disconnected or reconnecting now.',
      unit: 'suffix:off',
      decimals: 0,
      thresholds: limits.badFrom(1),
      mappings: words([0, 'all on', good]),
      more: pages.whatsapp,
      queries: [value('not connected', `sum(${now('crm_sessions', 'state!="connected"')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'Oldest job',
      description: 'How long the oldest job of any WhatsApp queue has waited. Red above 5 minutes.',
      unit: 's',
      decimals: 0,
      thresholds: limits.badFrom(limits.oldestJobSeconds),
      mappings: words([0, 'none', good]),
      more: pages.whatsapp,
      queries: [
        value(
          'oldest',
          `max(${now('crm_queue_oldest_waiting_seconds')}) or 0 * max(${now('crm_queue_paused')})`,
        ),
      ],
    }),
  ],
  [
    3,
    lamp({
      title: 'Undelivered',
      description:
        'Messages sent in the last hour after the newest one that was delivered, and neither delivered nor failed. 20 or ' +
        'more mean that WhatsApp has stopped delivering.',
      unit: 'none',
      decimals: 0,
      thresholds: limits.badFrom(limits.undeliveredMessages),
      more: pages.whatsapp,
      queries: [value('undelivered', `sum(${now('crm_undelivered_messages')})`)],
    }),
  ],
  [
    3,
    lamp({
      title: 'Overdue',
      description:
        'Open conversations whose customer has waited for the first human response for longer than the SLA target. Red ' +
        'from 5 on.',
      unit: 'none',
      decimals: 0,
      thresholds: limits.badFrom(limits.overdueConversations),
      more: pages.conversations,
      queries: [value('overdue', `sum(${now('crm_sla_waiting', 'state="overdue"')})`)],
    }),
  ],
);

const service = beside(
  9,
  [
    6,
    dial({
      title: 'SLA compliance',
      description:
        'Of the conversations whose outcome became known in the range: first human response within the target. Those ' +
        'still inside the target, those of the bot alone and those in which the customer never wrote do not count. ' +
        'The objective is 90 %.',
      unit: 'percentunit',
      decimals: 1,
      min: 0,
      max: 1,
      thresholds: limits.badBelow(limits.slaObjective),
      more: pages.conversations,
      queries: [value('compliant', slaCompliance(inRange))],
    }),
  ],
  [
    10,
    lines({
      title: 'Response time',
      description:
        'How long customer turns had waited when a human answered them: mean over the turns of each step, against the ' +
        'SLA target.',
      unit: 's',
      thresholds: limits.responseTime(),
      logarithmic: true,
      interval: '30m',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { mean: neutral, target: warning },
      targets: ['target'],
      queries: [
        line('mean', mean('crm_response_seconds')),
        line('target', `max(${now('crm_sla_target_seconds')})`),
      ],
    }),
  ],
  [
    8,
    lines({
      title: 'SLA compliance over time',
      description: 'As the gauge, of each step. The dashed line is the objective, 90 %.',
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
);

const traffic = beside(
  8,
  [
    8,
    lines({
      title: 'Messages',
      description: 'Messages a minute: inbound ones received, outbound ones that left the queue (failed ones included).',
      unit: 'suffix:/min',
      interval: '15m',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { inbound: neutral, outbound: second },
      queries: [
        line('inbound', `60 * sum(${rate('crm_messages_total', 'direction="inbound"', 'event="received"')})`),
        line('outbound', `60 * sum(${rate('crm_messages_total', 'direction="outbound"', 'event="sent"')})`),
      ],
    }),
  ],
  [
    8,
    columns({
      title: 'Conversations',
      description: 'Conversations an hour: created, by whether it is their customer’s first.',
      unit: 'suffix:/h',
      interval: '30m',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { returning: neutral, new: third },
      queries: [
        line('returning', `3600 * sum(${rate('crm_customers_total', 'kind="returning"')})`),
        line('new', `3600 * sum(${rate('crm_customers_total', 'kind="new"')})`),
      ],
    }),
  ],
  [
    8,
    lines({
      title: 'Delivery and failure',
      description:
        'Of the outbound messages that left the queue in each step: those delivered (read ones included) and those that ' +
        'failed. The dashed line is the limit of the alert, 90 % delivered.',
      unit: 'percentunit',
      softMax: 1,
      thresholds: limits.badBelow(limits.leastDelivery),
      limits: true,
      interval: '30m',
      legend: ['lastNotNull', 'mean', 'min'],
      colors: { delivered: good, failed: bad },
      queries: [
        line('delivered', deliveryRate(rate)),
        line(
          'failed',
          ratio(
            `sum(${rate('crm_messages_total', 'direction="outbound"', 'event="failed"')})`,
            `sum(${rate('crm_messages_total', 'direction="outbound"', 'event="sent"')})`,
          ),
        ),
      ],
    }),
  ],
);

export const overview = () =>
  page({
    uid: 'crm-overview',
    title: 'CRM / Overview',
    description: 'Is our WhatsApp customer support working, right now and over the last day?',
    from: 'now-24h',
    sections: [{ lines: [kpis, isItAllRight, service, traffic] }],
  });
