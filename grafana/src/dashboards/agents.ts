import { away, bad, good, offline, online, third, warning } from '../pieces/colors';
import { words } from '../pieces/mappings';
import { beside, page } from '../pieces/page';
import { areas, bars, figure, number } from '../pieces/panels';
import { inRange, named, now } from '../pieces/promql';
import { column, line, value } from '../pieces/queries';
import { grid, joined, looks } from '../pieces/tables';
import { plain } from '../pieces/thresholds';

const chosen = 'agent=~"$agent"';
const byAgent = (vector: string) => `sum by (agent) (${vector})`;
const status = (word: string) => now('crm_agent_status', chosen, `status="${word}"`);
const handling = (part: string) => inRange(`crm_agent_handling_seconds_${part}`, chosen);

const bandColors = { underutilized: third, balanced: good, overloaded: bad };
const statusColors = { online, away, offline };

const head = beside(
  5,
  [
    8,
    number({
      title: 'Who is there',
      description:
        'Agents and supervisors by their presence now. A word that the configuration does not know counts as offline.',
      unit: 'none',
      decimals: 0,
      colors: statusColors,
      queries: Object.keys(statusColors).map((word) => line(word, `sum(${status(word)})`)),
    }),
  ],
  [
    8,
    number({
      title: 'How work is spread',
      description:
        'Agents who are online or away now, by their open conversations against the mean of these agents: overloaded more ' +
        'than 30 % above it, underutilized more than 30 % below, unless the band is configured. Of all agents, whoever ' +
        'is chosen above.',
      unit: 'none',
      decimals: 0,
      colors: bandColors,
      queries: Object.keys(bandColors).map((band) => line(band, `sum(${now('crm_workload_agents', `band="${band}"`)})`)),
    }),
  ],
  [
    4,
    number({
      title: 'Open conversations',
      description: 'Open now, of the chosen agents.',
      unit: 'none',
      decimals: 0,
      queries: [line('open', `sum(${now('crm_agent_open_conversations', chosen)})`)],
    }),
  ],
  [
    4,
    figure({
      title: 'Mean handling time',
      description: 'From creation to resolution of the chosen agents’ conversations that were resolved in the range.',
      unit: 's',
      queries: [value('mean', `sum(${handling('sum')}) / (sum(${handling('count')}) > 0)`)],
    }),
  ],
);

const row = (name: string, vector: string) => column(name, named(byAgent(vector)));

const people = beside(14, [
  24,
  joined(
    grid({
      title: 'Agents',
      description:
        'Status and open conversations are of now, the rest is of the range. Conversations: created in the range, by the ' +
        'agent who had them when they were counted. Handling time: mean time from the creation to the resolution of those ' +
        'resolved in the range. Online and away: spans that overlap count once, one of more than 24 h as 24 h.',
      unit: 'none',
      decimals: 0,
      queries: [
        column('status', named(`(2 * ${byAgent(status('online'))} + ${byAgent(status('away'))})`)),
        row('open', now('crm_agent_open_conversations', chosen)),
        row('conversations', inRange('crm_agent_chats_total', chosen)),
        row('resolved', handling('count')),
        column('handling', named(`(${byAgent(handling('sum'))} / (${byAgent(handling('count'))} > 0))`)),
        row('online', inRange('crm_agent_online_seconds_total', chosen)),
        row('away', inRange('crm_agent_away_seconds_total', chosen)),
      ],
    }),
    {
      name: 'Agent',
      status: 'Status',
      open: 'Open now',
      conversations: 'Conversations',
      resolved: 'Resolved',
      handling: 'Handling time',
      online: 'Online',
      away: 'Away',
    },
    ['agent', 'job'],
    'Conversations',
  )
    .withOverride(looks('Agent', { 'custom.width': 220 }))
    .withOverride(
      looks('Status', {
        mappings: words([2, 'online', online], [1, 'away', away], [0, 'offline', offline]),
        'custom.cellOptions': { type: 'color-text' },
        'custom.width': 110,
        'custom.align': 'left',
      }),
    )
    .withOverride(looks('Open now', { 'custom.cellOptions': { type: 'gauge', mode: 'basic' }, min: 0 }))
    .withOverride(looks('Conversations', { 'custom.cellOptions': { type: 'gauge', mode: 'basic' }, min: 0 }))
    .withOverride(looks('Resolved', { 'custom.width': 110 }))
    .withOverride(looks('Handling time', { unit: 's', decimals: 1, 'custom.width': 140 }))
    .withOverride(looks('Online', { unit: 's', decimals: 1, 'custom.width': 120 }))
    .withOverride(looks('Away', { unit: 's', decimals: 1, 'custom.width': 120 })),
]);

const top = (vector: string) => `sort_desc(topk(10, ${named(byAgent(vector))}))`;

const ranks = beside(
  12,
  [
    8,
    bars({
      title: 'Conversations per agent',
      description: 'Created in the range, by the agent who had them when they were counted: the 10 with most.',
      unit: 'none',
      decimals: 0,
      queries: [value('{{name}}', top(inRange('crm_agent_chats_total', chosen)))],
    }),
  ],
  [
    8,
    bars({
      title: 'Open conversations per agent',
      description: 'Open now: the 10 agents with most.',
      unit: 'none',
      decimals: 0,
      thresholds: plain(warning),
      queries: [value('{{name}}', top(now('crm_agent_open_conversations', chosen)))],
    }),
  ],
  [
    8,
    bars({
      title: 'Time online per agent',
      description: 'In the range: the 10 agents who were online longest. Away does not count.',
      unit: 's',
      decimals: 1,
      thresholds: plain(online),
      queries: [value('{{name}}', top(inRange('crm_agent_online_seconds_total', chosen)))],
    }),
  ],
);

const course = beside(
  9,
  [
    12,
    areas({
      title: 'Presence over time',
      description: 'The chosen agents who were online and away at each moment.',
      unit: 'none',
      decimals: 0,
      legend: ['lastNotNull', 'mean', 'max'],
      colors: statusColors,
      queries: ['online', 'away'].map((word) => line(word, `sum(${status(word)})`)),
    }),
  ],
  [
    12,
    areas({
      title: 'Spread of work over time',
      description:
        'Agents who were online or away, by their open conversations against the mean of these agents. Of all agents, ' +
        'whoever is chosen above.',
      unit: 'none',
      decimals: 0,
      legend: ['lastNotNull', 'mean', 'max'],
      colors: bandColors,
      queries: Object.keys(bandColors).map((band) => line(band, `sum(${now('crm_workload_agents', `band="${band}"`)})`)),
    }),
  ],
);

export const agents = () =>
  page({
    uid: 'crm-agents',
    title: 'CRM / Agents',
    description: 'Who is there, who does what, and is the work spread evenly?',
    from: 'now-24h',
    byAgent: true,
    sections: [{ lines: [head, people, ranks, course] }],
  });
