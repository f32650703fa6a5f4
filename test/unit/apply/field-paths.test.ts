import { expect, test } from '@jest/globals';
import { fieldPathsOf } from '../../../src/apply/index.ts';

test('fields that somebody owns are paths, entries of lists by their key, sorted', () => {
  const fields = {
    'f:spec': {
      'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} } },
      'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"discovery"}': { 'f:image': {} } } } },
    },
    'f:metadata': { 'f:finalizers': { 'v:"a"': {} }, 'f:labels': { 'f:app': {}, 'f:example.com/mine': {} } },
  };
  expect(fieldPathsOf(fields)).toEqual([
    'metadata.finalizers["a"]',
    'metadata.labels.app',
    'metadata.labels["example.com/mine"]',
    'spec.ports[port=80,protocol=TCP].name',
    'spec.template.spec.containers[name=discovery].image',
  ]);
});

test('an entry without fields names none', () => {
  expect(fieldPathsOf({})).toEqual([]);
});
