import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

/** Words for numbers: [number, word, colour]. */
export const words = (...all: [value: number | string, text: string, color?: string][]): dashboard.ValueMapping[] => [
  {
    type: dashboard.MappingType.ValueToText,
    options: Object.fromEntries(all.map(([value, text, color], index) => [String(value), { text, color, index }])),
  },
];
