import { good, neutral, second, warning } from '../pieces/colors';
import { beside, page } from '../pieces/page';
import { bars, columns, figure, lines, number, shares } from '../pieces/panels';
import { inRange, now, rate, ratio } from '../pieces/promql';
import { column, line, value } from '../pieces/queries';
import { grid, joined, looks } from '../pieces/tables';

type Growth = typeof rate;

const bot = (outcome: string, growth: Growth) => `sum(${growth('crm_bot_conversations_total', `outcome="${outcome}"`)})`;
const resolved = (growth: Growth) => `sum(${growth('crm_conversations_resolved_total')})`;
// Both are counted by themselves, so for a moment there may be more of the bot's than of all.
const byHumans = (growth: Growth) => `clamp_min(${resolved(growth)} - ${bot('resolved', growth)}, 0)`;
const decided = (growth: Growth) => `sum(${growth('crm_bot_conversations_total')})`;
const intent = (outcome: string, growth: Growth) => growth('crm_intents_total', `outcome="${outcome}"`);

// In hours: Grafana would make days of 24 hours of it, and nobody works those.
const saved = `max(${now('crm_time_saved_seconds')}) / 3600`;

const meaning =
  'Resolved: in which the bot wrote and no human replied. Escalated: handed over to a human.';

const head = beside(
  5,
  [
    5,
    figure({
      title: 'Resolved by the bot',
      description: 'Conversations in which the bot wrote and that were resolved without a human reply, in the range.',
      unit: 'none',
      decimals: 0,
      queries: [value('resolved', bot('resolved', inRange))],
    }),
  ],
  [
    5,
    figure({
      title: 'Escalation rate',
      description:
        'Of the conversations that the bot resolved or handed over in the range: those handed over. Those that it dropped ' +
        'or still handles are not counted.',
      unit: 'percentunit',
      decimals: 1,
      queries: [value('escalated', ratio(bot('escalated', inRange), decided(inRange)))],
    }),
  ],
  [
    5,
    figure({
      title: 'Intents that served',
      description: 'Of the intents of the range that are decided: those that served the customer.',
      unit: 'percentunit',
      decimals: 1,
      queries: [
        value(
          'served',
          ratio(
            `sum(${intent('succeeded', inRange)})`,
            `sum(${inRange('crm_intents_total', 'outcome=~"succeeded|unsuccessful"')})`,
          ),
        ),
      ],
    }),
  ],
  [
    5,
    number({
      title: 'Time saved, 30 days',
      description:
        'A configured time (5 minutes unless said) for each conversation that was resolved without a human reply, of the ' +
        'last 30 business days. It does not follow the time range.',
      unit: 'suffix:h',
      decimals: 0,
      queries: [line('saved', saved)],
    }),
  ],
  [
    4,
    number({
      title: 'Dropped, 30 days',
      description:
        'Conversations created in the last 30 business days whose customer fell silent behind a message of the bot’s (for ' +
        '24 h unless configured): no human, no resolution, no hand-off. It does not follow the time range.',
      unit: 'none',
      decimals: 0,
      queries: [line('dropped', `max(${now('crm_bot_conversations_dropped')})`)],
    }),
  ],
);

const botOrHuman = beside(
  9,
  [
    10,
    columns({
      title: 'The bot: resolved against escalated',
      description: `Conversations an hour. ${meaning}`,
      unit: 'suffix:/h',
      interval: '1h',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { resolved: good, escalated: warning },
      queries: [
        line('resolved', `3600 * ${bot('resolved', rate)}`),
        line('escalated', `3600 * ${bot('escalated', rate)}`),
      ],
    }),
  ],
  [
    7,
    shares({
      title: 'Who resolved conversations',
      description:
        'Conversations resolved in the range: by the bot, without a human reply, and all others.',
      unit: 'none',
      decimals: 0,
      colors: { 'the bot': good, humans: neutral },
      queries: [value('the bot', bot('resolved', inRange)), value('humans', byHumans(inRange))],
    }),
  ],
  [
    7,
    lines({
      title: 'Escalation rate over time',
      description: 'Of the conversations that the bot resolved or handed over in each step: those handed over.',
      unit: 'percentunit',
      max: 1,
      interval: '6h',
      legend: ['lastNotNull', 'mean', 'max'],
      colors: { escalated: warning },
      queries: [line('escalated', ratio(bot('escalated', rate), decided(rate)))],
    }),
  ],
);

const intentRow = (name: string, vector: string) => column(name, `sum by (intent) (${vector})`);
const decidedIntents = inRange('crm_intents_total', 'outcome=~"succeeded|unsuccessful"');

const intents = beside(
  11,
  [
    10,
    bars({
      title: 'Top intents',
      description:
        'What the bot understood in the range: the 10 most frequent intents. The 20 that the daemon met first or most have ' +
        'a name here, the rest is in “other”.',
      unit: 'none',
      decimals: 0,
      queries: [value('{{intent}}', `sort_desc(topk(10, sum by (intent) (${intent('detected', inRange)})))`)],
    }),
  ],
  [
    14,
    joined(
      grid({
        title: 'How intents serve',
        description:
          'Intents of the range. Detected: all, decided or not. Success: the share that served the customer, of those that ' +
          'are decided.',
        unit: 'none',
        decimals: 0,
        queries: [
          intentRow('detected', intent('detected', inRange)),
          intentRow('decided', decidedIntents),
          column(
            'success',
            `(sum by (intent) (${intent('succeeded', inRange)}) / (sum by (intent) (${decidedIntents}) > 0))`,
          ),
        ],
      }),
      { intent: 'Intent', detected: 'Detected', decided: 'Decided', success: 'Success' },
      ['job'],
      'Detected',
    )
      .withOverride(looks('Detected', { 'custom.width': 110 }))
      .withOverride(looks('Decided', { 'custom.width': 110 }))
      .withOverride(
        looks('Success', {
          unit: 'percentunit',
          min: 0,
          max: 1,
          'custom.cellOptions': { type: 'gauge', mode: 'basic' },
        }),
      ),
  ],
);

const course = beside(
  8,
  [
    12,
    lines({
      title: 'Time saved over time',
      description: 'Of the 30 business days before each moment: a configured time for each conversation of the bot’s alone.',
      unit: 'suffix:h',
      decimals: 0,
      legend: ['lastNotNull', 'min', 'max'],
      colors: { saved: good },
      queries: [line('saved', saved)],
    }),
  ],
  [
    12,
    lines({
      title: 'Dropped conversations over time',
      description: 'Of the 30 business days before each moment: those whose customer fell silent behind the bot.',
      unit: 'none',
      decimals: 0,
      legend: ['lastNotNull', 'min', 'max'],
      colors: { dropped: second },
      queries: [line('dropped', `max(${now('crm_bot_conversations_dropped')})`)],
    }),
  ],
);

export const automation = () =>
  page({
    uid: 'crm-automation',
    title: 'CRM / Automation',
    description: 'What does the bot take off people’s hands, and where does it fail?',
    from: 'now-7d',
    sections: [{ lines: [head, botOrHuman, intents, course] }],
  });
