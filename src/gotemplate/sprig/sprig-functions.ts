import { TemplateProblem } from '../template-error.ts';
import { type FunctionTable, type GoFunction, variadic } from '../values/go-function.ts';
import { dateFunctions, type NowNanos } from './dates.ts';
import { defaultFunctions } from './defaults.ts';
import { dictFunctions } from './dicts.ts';
import { encodingFunctions } from './encoding.ts';
import { listFunctions } from './lists.ts';
import { mathFunctions } from './math.ts';
import { pathFunctions } from './paths.ts';
import { type RandomBytes, randomFunctions } from './random.ts';
import { regexFunctions } from './regex.ts';
import { semverFunctions } from './semver.ts';
import { stringFunctions } from './strings.ts';
import { urlFunctions } from './urls.ts';

/** What sprig's functions need from outside. Both are optional: the functions that need one then fail and say so. */
export interface SprigDeps {
  /** The current time in nanoseconds since 1970. */
  readonly nowNanos?: NowNanos;
  readonly randomBytes?: RandomBytes;
}

/** Functions that need more than a pure layer has. A host that wants one registers it under the same name. */
const HOST_FUNCTIONS = [
  'bcrypt',
  'buildCustomCert',
  'decryptAES',
  'derivePassword',
  'encryptAES',
  'genCA',
  'genCAWithKey',
  'genPrivateKey',
  'genSelfSignedCert',
  'genSelfSignedCertWithKey',
  'genSignedCert',
  'genSignedCertWithKey',
  'getHostByName',
  'htpasswd',
] as const;

/** The functions of sprig 3.3, without those that read the environment, which Helm leaves out too. */
export function sprigFunctions(deps: SprigDeps = {}): FunctionTable {
  return {
    ...stringFunctions(),
    ...mathFunctions(),
    ...listFunctions(),
    ...dictFunctions(),
    ...defaultFunctions(),
    ...encodingFunctions(),
    ...pathFunctions(),
    ...regexFunctions(),
    ...semverFunctions(),
    ...urlFunctions(),
    ...dateFunctions(deps.nowNanos),
    ...randomFunctions(deps.randomBytes),
    ...Object.fromEntries(HOST_FUNCTIONS.map((name) => [name, notProvided(name)])),
  };
}

function notProvided(name: string): GoFunction {
  return variadic([], 'interface {}', () => {
    throw new TemplateProblem(`this program does not provide ${name}`);
  });
}
