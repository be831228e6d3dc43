import { neutral, second, third } from '../pieces/colors';
import { words } from '../pieces/mappings';
import { beside, page } from '../pieces/page';
import { columns, lines, number, shares } from '../pieces/panels';
import { inRange, now, rate, ratio } from '../pieces/promql';
import { line, table, value } from '../pieces/queries';
import { grid, looks } from '../pieces/tables';

const customers = (kind: string) => ['crm_customers_total', `kind="${kind}"`] as const;
const perHour = (vector: string) => `3600 * sum(${vector})`;
const kinds =
  'New: their customer’s first conversation ever, with whomever it was. Returning: all others. Conversations without a ' +
  'known customer are in neither.';

const load = beside(
  9,
  [
    16,
    columns({
      title: 'Conversations per hour',
      description: `Conversations created, an hour. ${kinds}`,
      unit: 'suffix:/h',
      interval: '1h',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { returning: neutral, new: third },
      queries: [
        line('returning', perHour(rate(...customers('returning')))),
        line('new', perHour(rate(...customers('new')))),
      ],
    }),
  ],
  [
    8,
    shares({
      title: 'New and returning',
      description: `Conversations of customers created in the range. ${kinds}`,
      unit: 'none',
      decimals: 0,
      colors: { returning: neutral, new: third },
      queries: [
        value('returning', `sum(${inRange(...customers('returning'))})`),
        value('new', `sum(${inRange(...customers('new'))})`),
      ],
    }),
  ],
);

const days = words(['1', 'Mon'], ['2', 'Tue'], ['3', 'Wed'], ['4', 'Thu'], ['5', 'Fri'], ['6', 'Sat'], ['7', 'Sun']);

// Two digits an hour and Sunday behind Saturday, so that sorting by the words is sorting by time.
const hourOfWeek =
  `label_replace(label_replace(${now('crm_chats_hour_of_week')}, "hour", "0$1", "hour", "(.)"), ` +
  '"day", "7", "day", "0")';

const week = beside(9, [
  24,
  grid({
    title: 'When customers write',
    description:
      'Conversations created in the last 28 business days, today included, by day of the week and hour of the business’s ' +
      'time zone. It does not follow the time range.',
    unit: 'none',
    decimals: 0,
    queries: [table(hourOfWeek)],
  })
    .minWidth(44)
    .fieldMinMax(false)
    .withTransformation({ id: 'sortBy', options: { fields: {}, sort: [{ field: 'hour', desc: false }] } })
    .withTransformation({
      id: 'groupingToMatrix',
      options: { columnField: 'hour', rowField: 'day', valueField: 'Value', emptyValue: 'zero' },
    })
    .withTransformation({ id: 'sortBy', options: { fields: {}, sort: [{ field: 'day\\hour', desc: false }] } })
    .withTransformation({ id: 'organize', options: { renameByName: { 'day\\hour': 'Day' } } })
    .withOverride({
      matcher: { id: 'byType', options: 'number' },
      properties: [
        { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
        { id: 'color', value: { mode: 'continuous-blues' } },
        { id: 'custom.align', value: 'center' },
      ],
    })
    .withOverride(looks('Day', { mappings: days, 'custom.width': 70 })),
]);

const mix = beside(
  8,
  [
    12,
    lines({
      title: 'Share of new customers',
      description: 'Of the conversations created in each step: those that are their customer’s first ever.',
      unit: 'percentunit',
      interval: '6h',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { new: third },
      queries: [line('new', ratio(`sum(${rate(...customers('new'))})`, `sum(${rate('crm_customers_total')})`))],
    }),
  ],
  [
    12,
    lines({
      title: 'Messages from customers',
      description: 'Inbound messages received, an hour.',
      unit: 'suffix:/h',
      decimals: 0,
      interval: '1h',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { received: second },
      queries: [
        line('received', perHour(rate('crm_messages_total', 'direction="inbound"', 'event="received"'))),
      ],
    }),
  ],
);

const figures = beside(
  4,
  [
    6,
    number({
      title: 'Conversations open now',
      description: 'Created, and not resolved.',
      unit: 'none',
      decimals: 0,
      queries: [line('open', `sum(${now('crm_conversations_active')})`)],
    }),
  ],
  [
    6,
    number({
      title: 'Conversations created',
      description: 'In the range.',
      unit: 'none',
      decimals: 0,
      queries: [value('created', `sum(${inRange('crm_conversations_created_total')})`)],
    }),
  ],
  [
    6,
    number({
      title: 'Customers who wrote for the first time',
      description: 'Conversations created in the range that are their customer’s first ever.',
      unit: 'none',
      decimals: 0,
      queries: [value('new', `sum(${inRange(...customers('new'))})`)],
    }),
  ],
  [
    6,
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
);

export const customerLoad = () =>
  page({
    uid: 'crm-customers',
    title: 'CRM / Customers',
    description: 'When do customers write, how many, and are they new?',
    from: 'now-7d',
    sections: [{ lines: [figures, load, week, mix] }],
  });
