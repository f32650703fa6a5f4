import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ISTIO_VERSION } from '../../../src/core/index.ts';
import { Screen } from '../../pictures/screen.ts';
import { screenSvg } from '../../pictures/svg.ts';
import { ROOT } from '../../support/kubectl.ts';

const ESC = '\u001b[';

/** What the screen shows after a text, looks aside. */
function shown(text: string, columns = 10): readonly string[] {
  const screen = new Screen(columns);
  screen.write(text);
  return screen.rows.map((row) => row.map(({ char }) => char).join(''));
}

describe('the screen', () => {
  const cases: Record<string, { text: string; want: readonly string[] }> = {
    'lines follow each other': { text: 'a\nb', want: ['a', 'b'] },
    'a long line goes on in the next': { text: 'abcdefghijkl', want: ['abcdefghij', 'kl'] },
    'a carriage return writes over it': { text: 'abc\rx', want: ['xbc'] },
    'lines above are redrawn': { text: `one\ntwo\n${ESC}2A${ESC}2Kxx\n`, want: ['xx', 'two'] },
    'the rest of a line is erased': { text: `abc${ESC}2G${ESC}K`, want: ['a'] },
    'all below is erased': { text: `one\ntwo\nthree${ESC}1A${ESC}1G${ESC}J`, want: ['one'] },
    'the cursor is hidden without a trace': { text: `${ESC}?25la${ESC}?25h`, want: ['a'] },
    'no blanks at the ends of lines': { text: 'a  \n\n', want: ['a'] },
  };
  test.each(Object.entries(cases))('%s', (_name, { text, want }) => expect(shown(text)).toEqual(want));

  test('colours begin and end', () => {
    const screen = new Screen(10);
    screen.write(`${ESC}1m${ESC}31ma${ESC}39mb${ESC}22mc${ESC}32md${ESC}0me`);
    expect(screen.rows[0]?.map(({ looks }) => looks.join(' '))).toEqual(['bold red', 'bold', '', 'green', '']);
  });

  test('a sequence that it does not know is not passed over', () => {
    expect(() => shown(`${ESC}3q`)).toThrow('3q');
  });
});

describe('the picture', () => {
  test('places each run at its column, as wide as its characters', () => {
    const screen = new Screen(10);
    screen.write(`a ${ESC}31m<b>${ESC}39m`);
    const svg = screenSvg(screen.rows, 10, 'x & y');
    expect(svg).toContain('<title>x &amp; y</title>');
    expect(svg).toContain(
      '<text x="20" y="57" fill="#d8dee9" textLength="7.8" lengthAdjust="spacingAndGlyphs">a</text>',
    );
    expect(svg).toContain(
      '<text x="35.6" y="57" fill="#f2777a" textLength="23.4" lengthAdjust="spacingAndGlyphs">&lt;b&gt;',
    );
  });

  test('in the documentation shows the version that is installed; else run npm run pictures', () => {
    expect(readFileSync(join(ROOT, 'docs/images/iop.svg'), 'utf8')).toContain(`Istio ${ISTIO_VERSION} is installed`);
  });
});
