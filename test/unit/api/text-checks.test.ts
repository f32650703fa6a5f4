import { expect, test } from '@jest/globals';
import {
  gatewayNameCheck,
  hubCheck,
  ipRangesCheck,
  namespaceCheck,
  portsCheck,
  revisionCheck,
  tagCheck,
} from '../../../src/api/schema/text-checks.ts';

const sha256 = `sha256:${'ab'.repeat(32)}`;

const cases = [
  {
    name: 'revision',
    check: revisionCheck,
    good: ['', 'a', 'canary-2', '1-30-3', 'x'.repeat(63)],
    bad: ['A', '-a', 'a-', 'a.b', 'a b', 'x'.repeat(64)],
  },
  {
    name: 'gateway name',
    check: gatewayNameCheck,
    good: ['', 'a', 'istio.in-gress1', 'x'.repeat(254)],
    bad: ['A', 'a_b', 'a/b', 'x'.repeat(255)],
  },
  { name: 'namespace', check: namespaceCheck, good: ['', 'kube-system'], bad: ['Kube', 'a.b', 'x'.repeat(64)] },
  {
    name: 'tag',
    check: tagCheck,
    good: ['', '1.30.3', 'latest', 'a_B-1.x', '2', `1.30.3@${sha256}`],
    bad: ['a b', 'a:b', 'a/b', 'x'.repeat(129), '1@', '@', `${sha256}`, `a@${sha256}@${sha256}`, '1.30.3@sha256:xyz'],
  },
  {
    name: 'hub',
    check: hubCheck,
    good: [
      '',
      'docker.io/istio',
      'istio',
      'localhost/a',
      'localhost:5000',
      'a.b:80/c/d_e',
      '[::1]:5000/istio',
      'istio-spec.hub',
      'A.example/b',
    ],
    bad: ['http://a', 'a/', 'a//b', '/a', 'a b', 'docker.io/Istio', 'a/b:1', 'a.b:port/c', `${'x'.repeat(240)}/a`],
  },
  {
    name: 'IP ranges',
    check: ipRangesCheck,
    good: [
      '',
      '*',
      '0.0.0.0/0',
      '10.0.0.0/8,192.168.1.1/32',
      '::/0',
      'fd00::/8',
      '2001:db8::1/128',
      '1:2:3:4:5:6:7:8/64',
      '::ffff:10.0.0.1/96',
    ],
    bad: [
      '10.0.0.0',
      '10.0.0.0/33',
      '10.0.0/8',
      '256.0.0.0/8',
      '01.0.0.0/8',
      '10.0.0.0/08',
      '10.0.0.0/8, 11.0.0.0/8',
      '10.0.0.0/8,',
      '*,10.0.0.0/8',
      ':::/8',
      '1::2::3/64',
      '1:2:3:4:5:6:7/64',
      '1:2:3:4:5:6:7:8::/64',
      'g::/8',
      '::/129',
      '::10.0.0.300/96',
      'a/b/c',
      '/8',
      `${'1:'.repeat(10_000)}/8`,
    ],
  },
  {
    name: 'ports',
    check: portsCheck,
    good: ['', '*', '0', '80,443', '65535', '80,'],
    bad: ['65536', '-1', '80, 443', 'http', '1.5', '1000000'],
  },
];

for (const { name, check, good, bad } of cases) {
  test.each(good)(`${name} %j is right`, (text) => expect(check(text)).toBeUndefined());
  test.each(bad)(`${name} %j is wrong, and a hint says how to write it`, (text) => {
    const fault = check(text);
    expect(fault?.problem).toMatch(/^(is|has) /);
    expect(fault?.hint).toMatch(/\.$/);
    expect(`${fault?.problem}`.length).toBeLessThan(160);
  });
}
