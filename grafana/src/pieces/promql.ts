// Expressions are put together here, so that every panel selects and aggregates alike.

const chosen = ['job=~"$job"', 'instance=~"$instance"'];

/** The series of a family, of the jobs and instances that are chosen above the dashboard. */
export const series = (family: string, ...matchers: string[]): string =>
  `${family}{${[...chosen, ...matchers].join(', ')}}`;

// Every replica exports the numbers of the business alike: adding them would count everything twice.
const once = (vector: string): string => `max without (instance, pod) (${vector})`;

export const now = (family: string, ...matchers: string[]): string => once(series(family, ...matchers));

/** A second, over the step of the graph. */
export const rate = (family: string, ...matchers: string[]): string =>
  once(`rate(${series(family, ...matchers)}[$__rate_interval])`);

/** What a counter has grown by in the range that is shown. */
export const inRange = (family: string, ...matchers: string[]): string =>
  once(`increase(${series(family, ...matchers)}[$__range])`);

/** What a counter has grown by in a window that does not depend on what is shown, as those of the alerts. */
export const inWindow = (window: string, family: string, ...matchers: string[]): string =>
  once(`increase(${series(family, ...matchers)}[${window}])`);

/** Nothing, rather than NaN, where there is nothing to take a share of. */
export const ratio = (part: string, whole: string): string => `${part} / (${whole} > 0)`;

type Growth = (family: string, ...matchers: string[]) => string;

/** Of a histogram or summary: sum by count, over the step or the range. */
export const mean = (family: string, growth: Growth = rate): string =>
  ratio(`sum(${growth(`${family}_sum`)})`, `sum(${growth(`${family}_count`)})`);

export const quantile = (q: number, family: string, growth: Growth = rate): string =>
  `histogram_quantile(${q}, sum by (le) (${growth(`${family}_bucket`)}))`;

/** Agents are labelled by id; names are in an info of their own. */
export const named = (byAgent: string): string =>
  `${byAgent} * on (agent) group_left (name) max by (agent, name) (${series('crm_agent_info')})`;

/** The share of conversations whose first response came within the target. */
export const slaCompliance = (growth: Growth): string =>
  ratio(
    `sum(${growth('crm_sla_conversations_total', 'outcome="compliant"')})`,
    `sum(${growth('crm_sla_conversations_total')})`,
  );

/** Delivered of those that left the queue and whose fate is known or not. */
export const deliveryRate = (growth: Growth): string =>
  ratio(
    `sum(${growth('crm_messages_total', 'direction="outbound"', 'event="delivered"')})`,
    `sum(${growth('crm_messages_total', 'direction="outbound"', 'event="sent"')})`,
  );
