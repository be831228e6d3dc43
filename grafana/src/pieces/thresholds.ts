// The limits of the alerts; where one changes there, it changes here.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { bad, good, warning } from './colors';

export const slaObjective = 0.9;
/** crm_sla_target_seconds, unless it is configured: a threshold of Grafana's cannot follow a metric. */
export const slaTargetSeconds = 300;
export const slaCriticalSeconds = 1.5 * slaTargetSeconds;
export const leastDelivery = 0.9;
export const oldestJobSeconds = 300;
export const overdueConversations = 5;
export const undeliveredMessages = 20;
export const apiSeconds = 3;
export const apiErrors = 0.01;
export const rollupLagSeconds = 120;
/** Alerts fire when the budget of 30 days burns this many times as fast as it may. */
export const burnRates = { critical: 6, high: 3, medium: 2, low: 1 };

type Step = [from: number, color: string];

export const steps = (base: string, ...above: Step[]): dashboard.ThresholdsConfigBuilder =>
  new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps([{ value: null, color: base }, ...above.map(([value, color]) => ({ value, color }))]);

export const plain = (color: string) => steps(color);
export const badFrom = (limit: number) => steps(good, [limit, bad]);
export const badBelow = (limit: number) => steps(bad, [limit, good]);
export const warningFrom = (limit: number) => steps(good, [limit, warning]);
export const responseTime = () => steps(good, [slaTargetSeconds, warning], [slaCriticalSeconds, bad]);
