// Makes one script and one stylesheet of src/page/ and all it needs.
import { join } from 'node:path';

import { build, type Plugin } from 'esbuild';

// @grafana/ui imports it as an ES module's default, but it is CommonJS with a `default` of its own.
const scrollbars: Plugin = {
  name: 'scrollbars',
  setup(builder) {
    builder.onResolve({ filter: /^react-custom-scrollbars-2$/ }, ({ resolveDir, pluginData }) =>
      pluginData === 'itself' ? undefined : { path: resolveDir, namespace: 'scrollbars' },
    );
    builder.onResolve({ filter: /^scrollbars-itself$/ }, ({ resolveDir }) =>
      builder.resolve('react-custom-scrollbars-2', { resolveDir, kind: 'import-statement', pluginData: 'itself' }),
    );
    builder.onLoad({ filter: /.*/, namespace: 'scrollbars' }, ({ path }) => ({
      contents: "export { Scrollbars as default } from 'scrollbars-itself';",
      resolveDir: path,
    }));
  },
};

export async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: { page: join(import.meta.dirname, 'page/main.tsx') },
    outdir: folder,
    bundle: true,
    format: 'iife',
    jsx: 'automatic',
    mainFields: ['browser', 'module', 'main'],
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
    plugins: [scrollbars],
    logLevel: 'error',
  });
}
