#!/usr/bin/env node
// Stands in for docker, for which there is no engine here: it checks what it is told, and makes no image.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

const REFERENCE = /^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9._-]+(\/[a-z0-9._-]+)*:[\w][\w.-]{0,127}$/;
const BUILT = join(process.env.HOME ?? '', 'images-built');

function build(args: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      tag: { type: 'string', short: 't' },
      file: { type: 'string', short: 'f' },
      'build-arg': { type: 'string', multiple: true },
      platform: { type: 'string' },
    },
  });
  const [context = ''] = positionals;
  check(positionals.length === 1 && existsSync(context), `there is no folder to build from: ${positionals}`);
  const dockerfile = values.file ?? join(context, 'Dockerfile');
  check(existsSync(dockerfile), `there is no ${dockerfile}`);
  for (const [, files = ''] of readFileSync(dockerfile, 'utf8').matchAll(/^COPY (?!--from)(.*) \S+$/gm)) {
    for (const file of files.split(' ')) check(existsSync(join(context, file)), `${context} has no ${file}`);
  }
  const { tag = '' } = values;
  check(REFERENCE.test(tag), `"${tag}" cannot name an image`);
  appendFileSync(BUILT, `${tag}\n`);
}

function push(tags: readonly string[]): void {
  const built = existsSync(BUILT) ? readFileSync(BUILT, 'utf8').split('\n') : [];
  for (const tag of tags) check(built.includes(tag), `${tag} has not been built`);
  check(tags.length === 1, 'it takes one image');
}

function check(isRight: boolean, message: string): void {
  if (isRight) return;
  process.stderr.write(`docker: ${message}\n`);
  process.exit(1);
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'build') build(rest);
else if (command === 'push') push(rest);
else check(false, `the tests have no "docker ${command}"`);
