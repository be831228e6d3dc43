// Every expression must answer something: node answers.js DASHBOARDS PROMETHEUS_URL
import { finish, read } from './dashboards';
import { exempt, mayBeEmpty } from './exemptions';
import { Expression, expressionsOf, rangeOf, secondsOf } from './expressions';

const [folder, prometheus] = process.argv.slice(2);
const points = 400;

type Sample = [time: number, value: string];

async function ask(path: string, parameters: Record<string, string>): Promise<{ value?: Sample; values?: Sample[] }[]> {
  const response = await fetch(new URL(`/api/v1/${path}`, prometheus), {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  const answer: any = await response.json();
  if (answer.status !== 'success') throw new Error(answer.error);
  return answer.data.result;
}

const tells = (samples: Sample[]) => samples.some(([, value]) => value !== 'NaN');

async function faultsOf({ where, expr, overRange }: Expression, seconds: number): Promise<string[]> {
  const now = Math.floor(Date.now() / 1000);
  const faults: string[] = [];
  try {
    const instant = await ask('query', { query: expr, time: String(now) });
    if (!instant.some(({ value }) => value && tells([value]))) faults.push(`${where}: nothing now: ${expr}`);
    if (overRange) {
      const step = Math.max(15, Math.round(seconds / points));
      const range = { start: String(now - seconds), end: String(now), step: String(step) };
      const course = await ask('query_range', { query: expr, ...range });
      if (!course.some(({ values }) => values && tells(values))) faults.push(`${where}: nothing in the range: ${expr}`);
    }
  } catch (error) {
    faults.push(`${where}: ${(error as Error).message}: ${expr}`);
  }
  return faults;
}

async function main() {
  const faults: string[] = [];
  let asked = 0;
  for (const dashboard of read(folder)) {
    const seconds = secondsOf(rangeOf(dashboard));
    for (const expression of expressionsOf(dashboard)) {
      ++asked;
      const found = await faultsOf(expression, seconds);
      if (!exempt(mayBeEmpty, expression.where)) faults.push(...found);
    }
  }
  console.error(`${asked} expressions asked of ${prometheus}`);
  finish(faults);
}

void main();
