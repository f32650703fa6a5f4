import { styleText } from 'node:util';
import type { Io, Output } from './io.ts';

/** Colours text where the stream shows colours, else leaves it as it is. */
export type Paint = (format: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string) => string;

/** Colours for one stream: on a terminal, unless `NO_COLOR` is set or the terminal is a dumb one. */
export function paintFor(output: Output, { env }: Pick<Io, 'env'>): Paint {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  const isOn = (forced || (output.isTerminal && env.TERM !== 'dumb')) && (env.NO_COLOR ?? '') === '';
  return (format, text) => (isOn && text !== '' ? styleText(format, text, { validateStream: false }) : text);
}
