import { away, bad, good, neutral, quiet, second, third, warning } from '../pieces/colors';
import { words } from '../pieces/mappings';
import { beside, page } from '../pieces/page';
import { areas, bars, columns, dial, lines, number, states } from '../pieces/panels';
import { deliveryRate, inRange, now, rate } from '../pieces/promql';
import { line, value } from '../pieces/queries';
import * as limits from '../pieces/thresholds';

const outbound = (event: string) => ['crm_messages_total', 'direction="outbound"', `event="${event}"`] as const;
const perMinute = (vector: string) => `60 * sum(${vector})`;
const fates = { sent: neutral, delivered: good, read: third, failed: bad };
const sessionStates = { connected: good, reconnecting: warning, disconnected: bad };
const undelivered =
  'Messages sent in the last hour after the newest one that was delivered, and neither delivered nor failed. A phone ' +
  'that is off does not show; 20 or more mean that deliveries have stopped.';

const head = beside(
  7,
  [
    8,
    bars({
      title: 'What became of messages',
      description:
        'Outbound messages of the range. Sent: left the queue, failed ones included. Delivered: read ones included. What ' +
        'became of a message counts when it is seen, so a fate of today may belong to a message of yesterday.',
      unit: 'none',
      decimals: 0,
      colors: fates,
      queries: Object.keys(fates).map((event) => value(event, `sum(${inRange(...outbound(event))})`)),
    }),
  ],
  [
    4,
    dial({
      title: 'Delivery rate',
      description:
        'Delivered or read, of the outbound messages that left the queue in the range. Red below 90 %.',
      unit: 'percentunit',
      decimals: 1,
      min: 0,
      max: 1,
      thresholds: limits.badBelow(limits.leastDelivery),
      queries: [value('delivered', deliveryRate(inRange))],
    }),
  ],
  [
    4,
    number({
      title: 'Sessions not connected',
      description: 'WhatsApp sessions that are disconnected or reconnecting now.',
      unit: 'none',
      decimals: 0,
      thresholds: limits.badFrom(1),
      queries: [line('not connected', `sum(${now('crm_sessions', 'state!="connected"')})`)],
    }),
  ],
  [
    4,
    number({
      title: 'Undelivered messages',
      description: undelivered,
      unit: 'none',
      decimals: 0,
      thresholds: limits.badFrom(limits.undeliveredMessages),
      queries: [line('undelivered', `sum(${now('crm_undelivered_messages')})`)],
    }),
  ],
  [
    4,
    number({
      title: 'Oldest job that waits',
      description:
        'How long the oldest job of any queue has waited; 0 while none does, or none is meant to be taken. Red above 5 ' +
        'minutes.',
      unit: 's',
      decimals: 0,
      thresholds: limits.badFrom(limits.oldestJobSeconds),
      queries: [
        line('oldest', `max(${now('crm_queue_oldest_waiting_seconds')}) or 0 * max(${now('crm_queue_paused')})`),
      ],
    }),
  ],
);

const messages = beside(
  10,
  [
    12,
    lines({
      title: 'Delivery rate over time',
      description:
        'Delivered (read ones included) and read, of the outbound messages that left the queue in each step. A delivery ' +
        'counts when it is seen, so a step may have more of them than messages. Dashed: the alert’s limit, 90 %.',
      unit: 'percentunit',
      softMax: 1,
      thresholds: limits.badBelow(limits.leastDelivery),
      limits: true,
      interval: '30m',
      legend: ['lastNotNull', 'mean', 'min'],
      colors: { delivered: good, read: third },
      queries: [
        line('delivered', deliveryRate(rate)),
        line('read', `sum(${rate(...outbound('read'))}) / (sum(${rate(...outbound('sent'))}) > 0)`),
      ],
    }),
  ],
  [
    12,
    lines({
      title: 'Messages over time',
      description: 'Outbound messages a minute by what became of them, and inbound ones. Sent: failed ones included.',
      unit: 'suffix:/min',
      interval: '15m',
      legend: ['lastNotNull', 'mean', 'max'],
      legendRight: true,
      colors: { ...fates, received: second },
      queries: [
        line('received', perMinute(rate('crm_messages_total', 'direction="inbound"', 'event="received"'))),
        ...Object.keys(fates).map((event) => line(event, perMinute(rate(...outbound(event))))),
      ],
    }),
  ],
);

const faults = { system: bad, recipient: warning, none: quiet, unknown: second };

const failures = beside(
  11,
  [
    14,
    columns({
      title: 'Failures by fault',
      description:
        'Outbound messages that failed, an hour, by whose fault it is. System: ours or Meta’s (account, rate, template, ' +
        'service). Recipient: this customer cannot be reached, or not now. None: nothing is broken (marketing cap, ' +
        'opt-out, experiment). Unknown: the code does not tell.',
      unit: 'suffix:/h',
      interval: '30m',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: faults,
      queries: Object.keys(faults).map((fault) =>
        line(fault, `3600 * sum(${rate('crm_message_failures_total', `fault="${fault}"`)})`),
      ),
    }),
  ],
  [
    10,
    bars({
      title: 'Failures by code',
      description:
        'Outbound messages that failed in the range, by WhatsApp’s error code and whose fault it is: the 10 most frequent. ' +
        'Other: a code that is not in the list of known ones; none: the reason names no code.',
      unit: 'none',
      decimals: 0,
      thresholds: limits.plain(bad),
      queries: [
        value(
          '{{code}} ({{fault}})',
          `sort_desc(topk(10, sum by (code, fault) (${inRange('crm_message_failures_total')}) > 0))`,
        ),
      ],
    }),
  ],
);

const state = (name: string) => `sum by (session) (${now('crm_session_state', `state="${name}"`)})`;

const sessions = beside(
  9,
  [
    14,
    states({
      title: 'State of each session',
      description:
        'Green connected, orange reconnecting, red disconnected. A session is named by its masked id and a short hash: ids ' +
        'are often phone numbers.',
      unit: 'none',
      decimals: 0,
      thresholds: limits.steps(bad, [1, warning], [2, good]),
      mappings: words([0, 'disconnected', bad], [1, 'reconnecting', warning], [2, 'connected', good]),
      queries: [line('{{session}}', `2 * ${state('connected')} + ${state('reconnecting')}`)],
    }),
  ],
  [
    10,
    areas({
      title: 'Sessions by state',
      description: 'WhatsApp sessions at each moment. A word that the configuration does not know counts as disconnected.',
      unit: 'none',
      decimals: 0,
      legend: ['lastNotNull', 'min', 'max'],
      colors: sessionStates,
      queries: Object.keys(sessionStates).map((name) => line(name, `sum(${now('crm_sessions', `state="${name}"`)})`)),
    }),
  ],
);

const queue = beside(
  11,
  [
    8,
    areas({
      title: 'Queue depth',
      description:
        'Jobs of all WhatsApp queues that are still to be done, by state. Waiting children: jobs that wait for others of ' +
        'theirs. Those completed and failed are not here.',
      unit: 'none',
      decimals: 0,
      legend: ['lastNotNull', 'max'],
      colors: { waiting: neutral, active: good, delayed: away, prioritized: second },
      queries: [line('{{state}}', `sum by (state) (${now('crm_queue_jobs', 'state!~"completed|failed"')})`)],
    }),
  ],
  [
    8,
    lines({
      title: 'Oldest job by queue',
      description:
        'How long the oldest job that waits has waited; 0 while none does. Dashed: the alert’s limit, 5 minutes.',
      unit: 's',
      thresholds: limits.badFrom(limits.oldestJobSeconds),
      limits: true,
      legend: ['lastNotNull', 'max'],
      queries: [
        line(
          '{{queue}}',
          `sum by (queue) (${now('crm_queue_oldest_waiting_seconds')}) or 0 * sum by (queue) (${now('crm_queue_paused')})`,
        ),
      ],
    }),
  ],
  [
    8,
    lines({
      title: 'Jobs done',
      description: 'Jobs a minute that the queues completed, and that failed for good (no attempt is left).',
      unit: 'suffix:/min',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { completed: good, failed: bad },
      queries: [
        line('completed', perMinute(rate('crm_queue_completed_total'))),
        line('failed', perMinute(rate('crm_queue_failed_total'))),
      ],
    }),
  ],
);

const campaignFates = { created: quiet, ...fates };
const campaign = (event: string) => ['crm_campaign_messages_total', `event="${event}"`] as const;

const more = beside(
  11,
  [
    8,
    bars({
      title: 'Campaign messages',
      description:
        'Messages to campaign recipients in the range. Created: those still in the queue, too. Sent: failed ones included. ' +
        'Delivered: read ones included.',
      unit: 'none',
      decimals: 0,
      colors: campaignFates,
      queries: Object.keys(campaignFates).map((event) => value(event, `sum(${inRange(...campaign(event))})`)),
    }),
  ],
  [
    8,
    lines({
      title: 'Campaign messages over time',
      description: 'Messages to campaign recipients a minute, by what became of them.',
      unit: 'suffix:/min',
      interval: '15m',
      legend: ['lastNotNull', 'max'],
      colors: fates,
      queries: Object.keys(fates).map((event) => line(event, perMinute(rate(...campaign(event))))),
    }),
  ],
  [
    8,
    lines({
      title: 'Undelivered messages over time',
      description: `${undelivered} Dashed: the alert’s limit.`,
      unit: 'none',
      decimals: 0,
      thresholds: limits.badFrom(limits.undeliveredMessages),
      limits: true,
      legend: ['lastNotNull', 'max'],
      colors: { undelivered: neutral },
      queries: [line('undelivered', `sum(${now('crm_undelivered_messages')})`)],
    }),
  ],
);

export const whatsapp = () =>
  page({
    uid: 'crm-whatsapp',
    title: 'CRM / WhatsApp',
    description: 'Do messages get through: sessions, queue, deliveries, failures.',
    from: 'now-24h',
    sections: [{ lines: [head, messages, failures, sessions, queue, more] }],
  });
