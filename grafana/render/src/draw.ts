// Draws dashboards to PNGs: node draw.ts PROMETHEUS_URL FOLDER RANGE_SECONDS|'' DASHBOARD.json...
// Exit 1 where a panel could not be drawn, 2 where nothing could.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { Browser } from './browser.ts';
import { bundle } from './bundle.ts';
import { reach, serve } from './server.ts';

const say = (text: string) => console.error(`grafana/draw: ${text}`);

async function draw(prometheus: string, folder: string, range: string, dashboards: string[]): Promise<number> {
  await reach(prometheus);
  const cleanups: (() => unknown)[] = [];
  try {
    const bundled = mkdtempSync(join(tmpdir(), 'crm-draw-'));
    cleanups.unshift(() => rmSync(bundled, { recursive: true, force: true }));
    await bundle(bundled);
    const server = await serve(prometheus, bundled, dashboards);
    cleanups.unshift(server.stop);
    const browser = await Browser.start(process.env.CHROMIUM ?? '/usr/bin/chromium');
    cleanups.unshift(() => browser.stop());

    let status = 0;
    for (const file of dashboards) {
      const name = basename(file, '.json');
      const picture = join(folder, `${name}.png`);
      const { failed, empty } = await browser.picture(`${server.url}/?dashboard=${name}&range=${range}`, picture);
      for (const panel of empty) say(`${name}: '${panel}' has no data`);
      for (const { title, message } of failed) say(`${name}: '${title}' could not be drawn: ${message}`);
      if (failed.length) status = 1;
      console.log(picture);
    }
    return status;
  } finally {
    for (const cleanup of cleanups) await cleanup();
  }
}

const [prometheus, folder, range, ...dashboards] = process.argv.slice(2);
try {
  process.exitCode = await draw(prometheus, folder, range, dashboards);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
