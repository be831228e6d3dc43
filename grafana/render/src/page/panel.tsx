// One panel: asks its queries, draws what they answer, and says in data-state what became of it.
import { LoadingState, type DataFrame, type GrafanaTheme2, type TimeRange } from '@grafana/data';
import type { Panel } from '@grafana/schema';
import { PanelChrome, useTheme2 } from '@grafana/ui';
import { Component, useEffect, useState, type ReactNode } from 'react';

import { fieldConfigOf, prepared } from './fields.ts';
import { kinds } from './panels/index.ts';
import { query, type Target } from './query.ts';
import { stepSeconds } from './time.ts';
import { withStep, type Variables } from './variables.ts';

type State =
  | { state: 'loading' }
  | { state: 'failed'; message: string }
  | { state: 'drawn' | 'empty'; frames: DataFrame[] };

/** Tells when what is inside throws while it is drawn. */
class Catcher extends Component<{ failed: (error: Error) => void; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidCatch(error: Error) {
    this.props.failed(error);
  }

  override render() {
    return this.state.broken ? null : this.props.children;
  }
}

function Message({ text, color }: { text: string; color: string }) {
  return (
    <div style={{ height: '100%', display: 'flex', alignItems: 'center', justifyContent: 'center', color }}>{text}</div>
  );
}

interface PanelProps {
  panel: Panel;
  width: number;
  height: number;
  range: TimeRange;
  variables: Variables;
}

async function load({ panel, width, range, variables }: PanelProps, theme: GrafanaTheme2): Promise<DataFrame[]> {
  const kind = kinds[panel.type];
  if (!kind) throw new Error(`panels of type ${panel.type} are not supported`);
  const targets = ((panel.targets ?? []) as unknown as Target[]).filter(({ hide }) => !hide);
  const step = stepSeconds(range, width, panel.interval);
  const alone = targets.length === 1;
  const frames = await Promise.all(targets.map((target) => query(target, alone, range, step, variables)));
  return prepared(panel, frames.flat(), fieldConfigOf(panel, kind.defaults), theme, withStep(variables, step));
}

export function PanelBox(props: PanelProps) {
  const { panel, width, height, range } = props;
  const theme = useTheme2();
  const [now, become] = useState<State>({ state: 'loading' });
  const failed = (error: unknown) =>
    become({ state: 'failed', message: error instanceof Error ? error.message : String(error) });

  useEffect(() => {
    load(props, theme).then((frames) => {
      const empty = !frames.some(({ length }) => length > 0);
      become({ state: empty ? 'empty' : 'drawn', frames });
    }, failed);
    // A page is drawn once: nothing that it depends on changes.
  }, []);

  const content = (innerWidth: number, innerHeight: number): ReactNode => {
    if (now.state === 'loading') return null;
    if (now.state === 'failed') return <Message text={now.message} color={theme.colors.error.text} />;
    const { Visualization, saysNothingItself, defaults } = kinds[panel.type];
    if (now.state === 'empty' && !saysNothingItself) {
      return <Message text="No data" color={theme.colors.text.secondary} />;
    }
    return (
      <Catcher failed={failed}>
        <Visualization
          options={panel.options ?? {}}
          fieldConfig={fieldConfigOf(panel, defaults)}
          frames={now.frames}
          width={innerWidth}
          height={innerHeight}
          range={range}
        />
      </Catcher>
    );
  };

  return (
    <div data-panel={panel.title ?? ''} data-state={now.state} data-message={now.state === 'failed' ? now.message : ''}>
      <PanelChrome
        title={panel.title}
        description={panel.description}
        width={width}
        height={height}
        loadingState={now.state === 'loading' ? LoadingState.Loading : LoadingState.Done}
      >
        {content}
      </PanelChrome>
    </div>
  );
}
