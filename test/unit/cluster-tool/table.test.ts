import { expect, test } from '@jest/globals';
import { formatTable } from '../../cluster/table.ts';

test('cells stand in columns and no line ends in blanks', () => {
  expect(
    formatTable([
      ['NAME', 'NODES'],
      ['a-long-name', '1'],
    ]),
  ).toBe('NAME          NODES\na-long-name   1\n');
});
