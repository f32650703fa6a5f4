import { quote } from '../quote.ts';
import type { TextCheck, TextFault } from './schema.ts';

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const GATEWAY_NAME = /^[a-z0-9.-]{1,254}$/;
const TAG = /^[A-Za-z0-9_.-]{1,128}$/;
const DIGEST = /^[a-z0-9]+:[0-9a-f]{32,128}$/;
const HUB_HOST = /^[A-Za-z0-9.-]+(:[0-9]{1,5})?$|^\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?$/;
const HUB_PATH = /^[a-z0-9_.-]+$/;

const WHOLE_NUMBER = /^-?(0|[1-9][0-9]{0,14})$/;
const ANY_NUMBER = /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?([eE][+-]?[0-9]{1,2})?$/;

/** How a number looks that stands in quotes. */
export function quotedNumber(whole: boolean): RegExp {
  return whole ? WHOLE_NUMBER : ANY_NUMBER;
}

/** A revision becomes part of object names and the value of a label, so it is a DNS label. */
export const revisionCheck: TextCheck = (text) =>
  text === '' || (text.length <= 63 && DNS_LABEL.test(text))
    ? undefined
    : {
        problem: 'is not a valid revision',
        hint: 'Use at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit, such as "1-30-3".',
      };

/** The name of a gateway's Deployment and Service. */
export const gatewayNameCheck: TextCheck = (text) =>
  text === '' || GATEWAY_NAME.test(text)
    ? undefined
    : { problem: 'is not a valid gateway name', hint: 'Use lower-case letters, digits, "-" and ".", at most 254.' };

/** The name of a namespace. */
export const namespaceCheck: TextCheck = (text) =>
  text === '' || (text.length <= 63 && DNS_LABEL.test(text))
    ? undefined
    : { problem: 'is not a valid namespace name', hint: 'Use lower-case letters, digits and "-", at most 63.' };

/** An image tag, with or without a digest behind it. */
export const tagCheck: TextCheck = (text) => {
  const [tag = '', digest, ...rest] = text.split('@');
  const valid = TAG.test(tag) && (digest === undefined || DIGEST.test(digest)) && rest.length === 0;
  if (text === '' || valid) return undefined;
  return { problem: 'is not a valid image tag', hint: 'Use letters, digits, "_", "." and "-", such as "1.30.3".' };
};

/** Registry and path of the images, without image name and tag. */
export const hubCheck: TextCheck = (text) => {
  if (text === '') return undefined;
  const problem = 'is not a valid image registry';
  if (text.includes('://')) return { problem, hint: `Leave out "${text.slice(0, text.indexOf('://') + 3)}".` };
  if (text.endsWith('/')) return { problem, hint: 'Leave out the "/" at the end.' };
  const [host = '', ...path] = text.split('/');
  const hostLike = /[.:[]/.test(host) || host === 'localhost';
  const valid = (hostLike ? HUB_HOST : HUB_PATH).test(host) && path.every((part) => HUB_PATH.test(part));
  return valid && text.length <= 240
    ? undefined
    : { problem, hint: 'Write host and path without image name and tag, such as "registry.istio.io/release".' };
};

/** `*`, or CIDR blocks separated by commas. */
export const ipRangesCheck: TextCheck = (text) => {
  if (text === '' || text === '*') return undefined;
  return firstFault(text.split(','), (part) =>
    isCidr(part) ? undefined : `has the entry ${quote(part)}, which is not a CIDR block`,
  )('Write "*" or CIDR blocks separated by commas without spaces, such as "10.0.0.0/8,192.168.0.0/16".');
};

/** Port numbers or `*`, separated by commas. */
export const portsCheck: TextCheck = (text) =>
  firstFault(text.split(','), (part) => {
    if (part === '' || part === '*') return undefined;
    const isPort = /^[0-9]{1,5}$/.test(part) && Number(part) <= 65_535;
    return isPort ? undefined : `has the entry ${quote(part)}, which is not a port`;
  })('Write "*" or ports from 0 to 65535 separated by commas without spaces, such as "8080,9090".');

function firstFault(parts: readonly string[], problemOf: (part: string) => string | undefined) {
  return (hint: string): TextFault | undefined => {
    for (const part of parts) {
      const problem = problemOf(part);
      if (problem !== undefined) return { problem, hint };
    }
    return undefined;
  };
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^(0|[1-9][0-9]{0,2})$/.test(bits)) return false;
  return isIpv4(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  if (text.length > 45) return false;
  const [left = '', right, ...rest] = text.split('::');
  if (rest.length > 0) return false;
  const groups = [...groupsOf(left), ...groupsOf(right ?? '')];
  const last = groups.at(-1);
  const embedded = last?.includes('.') === true;
  if (embedded && !isIpv4(last ?? '')) return false;
  const hex = embedded ? groups.slice(0, -1) : groups;
  const length = hex.length + (embedded ? 2 : 0);
  return hex.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group)) && (right === undefined ? length === 8 : length < 8);
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':');
}
