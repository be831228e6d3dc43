// What the rules and the data may not ask of some expressions, and why.

export interface Exemption {
  /** How `where` of the expression begins: dashboard, panel. */
  where: RegExp;
  why: string;
}

/** May use windows other than $__rate_interval and $__range. */
export const ownWindows: Exemption[] = [
  { where: /^crm-conversations, \d+ 'Error budget/, why: 'the windows are those of the alerts, whatever is shown' },
];

/** May answer nothing. */
export const mayBeEmpty: Exemption[] = [
  { where: /^crm-daemon, \d+ 'What the daemon reaches', C$/, why: 'no gateway is configured in the demo' },
];

export const exempt = (exemptions: Exemption[], where: string): boolean =>
  exemptions.some((exemption) => exemption.where.test(where));
