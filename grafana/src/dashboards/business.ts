import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { bad, good, neutral, quiet, second, third, warning } from '../pieces/colors';
import { beside, page } from '../pieces/page';
import { areas, bars, columns, figure, lines, number } from '../pieces/panels';
import { inRange, now, rate, ratio } from '../pieces/promql';
import { line, value } from '../pieces/queries';

const recipients = (stage: string) => `sum(${inRange('crm_campaign_recipients_total', `stage="${stage}"`)})`;
const stageRate = (stage: string) => `sum(${rate('crm_campaign_recipients_total', `stage="${stage}"`)})`;
const stages =
  'Sent: the message left the queue (failed ones included). Responded: wrote back within 72 h. Converted: marked so, or ' +
  'became a lead or had a ticket resolved within 14 days, unless other windows are configured.';
const cost =
  'Time that agents and supervisors were online or away, at the configured price of an hour, for each conversation in ' +
  'which a human replied; of the last 30 business days.';

const head = beside(
  5,
  [
    5,
    figure({
      title: 'Leads',
      description: 'Contacts that became leads in the range.',
      unit: 'none',
      decimals: 0,
      queries: [value('leads', `sum(${inRange('crm_leads_total')})`)],
    }),
  ],
  [
    5,
    figure({
      title: 'Tickets resolved',
      description: 'In the range.',
      unit: 'none',
      decimals: 0,
      queries: [value('resolved', `sum(${inRange('crm_tickets_resolved_total')})`)],
    }),
  ],
  [
    5,
    number({
      title: 'Customers who came back',
      description:
        'Of the contacts with a conversation in the last 30 business days, those who had one before it. It does not follow ' +
        'the time range.',
      unit: 'percentunit',
      decimals: 1,
      queries: [line('came back', `max(${now('crm_repeat_customer_ratio')})`)],
    }),
  ],
  [
    5,
    number({
      title: 'Cost per conversation',
      description: `${cost} It does not follow the time range.`,
      unit: 'none',
      decimals: 2,
      queries: [line('{{currency}}', `max by (currency) (${now('crm_cost_per_conversation')})`)],
    }).textMode(common.BigValueTextMode.ValueAndName),
  ],
  [
    4,
    figure({
      title: 'Campaign conversion',
      description: `Converted, of the recipients whose message left the queue, in the range. ${stages}`,
      unit: 'percentunit',
      decimals: 1,
      queries: [value('converted', ratio(recipients('converted'), recipients('sent')))],
    }),
  ],
);

const results = beside(
  9,
  [
    12,
    columns({
      title: 'Leads over time',
      description: 'Contacts that became leads, a day, at the pace of each step.',
      unit: 'suffix:/d',
      decimals: 0,
      interval: '6h',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { leads: good },
      queries: [line('leads', `86400 * sum(${rate('crm_leads_total')})`)],
    }),
  ],
  [
    12,
    columns({
      title: 'Tickets resolved over time',
      description: 'Tickets resolved, a day, at the pace of each step.',
      unit: 'suffix:/d',
      decimals: 0,
      interval: '6h',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { resolved: neutral },
      queries: [line('resolved', `86400 * sum(${rate('crm_tickets_resolved_total')})`)],
    }),
  ],
);

const stageColors = { sent: neutral, responded: third, converted: good };

const campaigns = beside(
  9,
  [
    10,
    bars({
      title: 'Campaign recipients',
      description: `Of the range, by how far they came. ${stages} Each counts when it is seen.`,
      unit: 'none',
      decimals: 0,
      colors: stageColors,
      queries: Object.keys(stageColors).map((stage) => value(stage, recipients(stage))),
    }),
  ],
  [
    14,
    lines({
      title: 'Campaign recipients over time',
      description: `A day, at the pace of each step. ${stages}`,
      unit: 'suffix:/d',
      decimals: 0,
      interval: '6h',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: stageColors,
      queries: Object.keys(stageColors).map((stage) => line(stage, `86400 * ${stageRate(stage)}`)),
    }),
  ],
);

const priorities = { urgent: bad, high: warning, medium: neutral, low: quiet };

const course = beside(
  10,
  [
    8,
    areas({
      title: 'Open tickets by priority',
      description: 'Tickets open at each moment. Priorities that the configuration does not know count as medium.',
      unit: 'none',
      decimals: 0,
      legend: ['lastNotNull', 'max'],
      colors: priorities,
      queries: Object.keys(priorities).map((priority) =>
        line(priority, `sum(${now('crm_tickets_open', `priority="${priority}"`)})`),
      ),
    }),
  ],
  [
    8,
    lines({
      title: 'Customers who came back, over time',
      description: 'Of the contacts with a conversation in the 30 business days before each moment, those who had one before.',
      unit: 'percentunit',
      decimals: 1,
      legend: ['lastNotNull', 'min', 'max'],
      colors: { 'came back': second },
      queries: [line('came back', `max(${now('crm_repeat_customer_ratio')})`)],
    }),
  ],
  [
    8,
    lines({
      title: 'Cost per conversation over time',
      description: `${cost} Before each moment.`,
      unit: 'none',
      decimals: 2,
      legend: ['lastNotNull', 'min', 'max'],
      queries: [line('{{currency}}', `max by (currency) (${now('crm_cost_per_conversation')})`)],
    }).colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Fixed).fixedColor(neutral)),
  ],
);

export const business = () =>
  page({
    uid: 'crm-business',
    title: 'CRM / Business',
    description: 'What does support bring, and what does it cost?',
    from: 'now-7d',
    sections: [{ lines: [head, results, campaigns, course] }],
  });
