// The page of one dashboard: /?dashboard=NAME&range=SECONDS.
import { createTheme, ThemeContext } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import type { Dashboard } from '@grafana/schema';
import { GlobalStyles } from '@grafana/ui';
import { createRoot } from 'react-dom/client';

import { registerTransformations } from './fields.ts';
import { DashboardPage } from './page.tsx';
import { rangeOf } from './time.ts';
import { variablesOf } from './variables.ts';

const theme = createTheme({ colors: { mode: 'dark' } });

async function start(): Promise<void> {
  const wanted = new URLSearchParams(location.search);
  const answer = await fetch(`/dashboards/${wanted.get('dashboard')}.json`);
  const dashboard: Dashboard = await answer.json();
  await initPluginTranslations('grafana');
  registerTransformations();
  const range = rangeOf(dashboard, Number(wanted.get('range')));
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no root');
  createRoot(root).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <DashboardPage dashboard={dashboard} range={range} variables={variablesOf(dashboard, range)} />
    </ThemeContext.Provider>,
  );
}

void start();
