// Bundles the CLI into dist/, or the folder that is named: files that start fast and need no node_modules. The same sources
// give the same bytes.
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const [, , target = 'dist'] = process.argv;
const unfinished = `${target}.unfinished`;

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
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
});
await chmod(`${unfinished}/cli.js`, 0o755);
// where dist/ stands alone, Node would otherwise read each file twice to find out what it is
await writeFile(`${unfinished}/package.json`, '{ "type": "module" }\n');
await rm(target, { recursive: true, force: true });
await rename(unfinished, target); // a build that fails leaves the last one in place
