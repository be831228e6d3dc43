// A browser without a window, that waits until a page has drawn all its panels and takes a picture.
import { chromium, type Browser as Chromium, type Page } from 'playwright-core';

export const width = 1600;
const patienceMs = 120_000;

export interface Drawn {
  failed: { title: string; message: string }[];
  empty: string[];
}

// Charts and legends measure themselves, and are drawn again in their final size.
const untilStill = (quietMs: number) =>
  new Promise<void>((resolve) => {
    let timer = setTimeout(resolve, quietMs);
    new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(resolve, quietMs);
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  });

const outcome = (): Drawn => {
  const panels = [...document.querySelectorAll<HTMLElement>('[data-panel]')].map((element) => element.dataset);
  return {
    failed: panels
      .filter(({ state }) => state === 'failed')
      .map(({ panel, message }) => ({ title: panel ?? '', message: message ?? '' })),
    empty: panels.filter(({ state }) => state === 'empty').map(({ panel }) => panel ?? ''),
  };
};

async function allDrawn(page: Page): Promise<void> {
  const broken = new Promise<never>((_, reject) => page.once('pageerror', reject));
  broken.catch(() => undefined);
  await Promise.race([page.waitForSelector('[data-page]', { timeout: patienceMs }), broken]);
  await page.waitForFunction(() => !document.querySelector('[data-state=loading]'), undefined, { timeout: patienceMs });
  await page.evaluate(async () => void (await document.fonts.ready));
  await page.evaluate(untilStill, 500);
}

export class Browser {
  private readonly chromium: Chromium;

  private constructor(browser: Chromium) {
    this.chromium = browser;
  }

  static async start(executablePath: string): Promise<Browser> {
    const args = ['--disable-gpu', '--font-render-hinting=none'];
    return new Browser(await chromium.launch({ executablePath, args }));
  }

  /** Takes a picture of the page at a URL. */
  async picture(url: string, path: string): Promise<Drawn> {
    const page = await this.chromium.newPage({ viewport: { width, height: 1000 } });
    try {
      await page.goto(url);
      await allDrawn(page);
      await page.screenshot({ path, fullPage: true });
      return await page.evaluate(outcome);
    } finally {
      await page.close();
    }
  }

  stop(): Promise<void> {
    return this.chromium.close();
  }
}
