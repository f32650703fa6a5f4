// Bundles the CLI into dist/, or the folder that is named: files that start fast and need no node_modules. The same sources
// give the same bytes.
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { build, type Plugin } from 'esbuild';

const [, , target = 'dist'] = process.argv;
const unfinished = `${target}.unfinished`;

/**
 * An import of `node:http` evaluates everything that it exports, `WebSocket` included, for which Node loads the whole of
 * undici: 20 ms of every start and 5 MB for as long as the process lives. Asking for the module does not.
 */
const withoutUndici: Plugin = {
  name: 'without-undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'node:http', namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
  },
};

await build({
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: unfinished,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  splitting: true,
  minify: true,
  legalComments: 'linked',
  plugins: [withoutUndici],
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
});
await chmod(`${unfinished}/cli.js`, 0o755);
// where dist/ stands alone, Node would otherwise read each file twice to find out what it is
await writeFile(`${unfinished}/package.json`, '{ "type": "module" }\n');
await rm(target, { recursive: true, force: true });
await rename(unfinished, target); // a build that fails leaves the last one in place
