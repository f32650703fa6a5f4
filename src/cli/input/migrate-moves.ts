import {
  isObject,
  type Json,
  type JsonObject,
  type Notice,
  valueAt,
  withoutValueAt,
  withValueAt,
} from '../../core/index.ts';

/** Fields that are called something else today, with the same values. Paths within `spec`. */
const MOVES: readonly (readonly [from: string, to: string])[] = [
  ['values.global.proxy.accessLogFile', 'meshConfig.accessLogFile'],
  ['values.global.proxy.accessLogFormat', 'meshConfig.accessLogFormat'],
  ['values.global.proxy.accessLogEncoding', 'meshConfig.accessLogEncoding'],
  ['values.global.proxy.protocolDetectionTimeout', 'meshConfig.protocolDetectionTimeout'],
  ['values.global.proxy.concurrency', 'meshConfig.defaultConfig.concurrency'],
  ['values.global.proxy.envoyAccessLogService', 'meshConfig.defaultConfig.envoyAccessLogService'],
  ['values.global.proxy.envoyMetricsService', 'meshConfig.defaultConfig.envoyMetricsService'],
  ['values.global.outboundTrafficPolicy', 'meshConfig.outboundTrafficPolicy'],
  ['values.global.localityLbSetting', 'meshConfig.localityLbSetting'],
  ['values.global.certificates', 'meshConfig.certificates'],
  ['values.global.enableTracing', 'meshConfig.enableTracing'],
  ['values.global.mtls.auto', 'meshConfig.enableAutoMtls'],
  ['values.cni.logLevel', 'values.cni.logging.level'],
];

/** A spec with what could be moved, and what is said about it. */
export interface Moved {
  readonly spec: JsonObject;
  readonly notices: readonly Notice[];
}

/**
 * Gives fields that have no effect any more their value under today's name, unless the author has set that one, too.
 * The old one goes.
 * @param original - the spec as it was written.
 * @param notices - what was said of fields without effect; a field without a remark is still in force.
 */
export function moveFields(original: JsonObject, spec: JsonObject, notices: readonly Notice[]): Moved {
  let moved = spec;
  const remarks: Notice[] = [];
  const done = new Set<string>();
  for (const [from, to] of MOVES) {
    const value = valueAt(original, ...from.split('.'));
    const remark = notices.find(({ path }) => path !== undefined && covers(path, `spec.${from}`));
    if (value === undefined || value === null || remark === undefined) continue;
    moved = withoutValueAt(moved, from.split('.'));
    if (valueAt(moved, ...to.split('.')) !== undefined) continue;
    moved = withValueAt(moved, to.split('.'), value);
    remarks.push({ code: 'ConvertedField', path: `spec.${to}`, message: `This was spec.${from}.` });
    if (remark.path === `spec.${from}` || isOnly(original, from)) done.add(remark.path ?? '');
  }
  return { spec: moved, notices: [...notices.filter(({ path = '' }) => !done.has(path)), ...remarks] };
}

/** Whether a remark on `path` speaks of a field at or below it. */
function covers(path: string, field: string): boolean {
  return field === path || field.startsWith(`${path}.`);
}

/** True when nothing is lost by leaving out the parent of a field that was moved. */
function isOnly(original: JsonObject, from: string): boolean {
  const parent: Json | undefined = valueAt(original, ...from.split('.').slice(0, -1));
  return isObject(parent) && Object.keys(parent).length === 1;
}
