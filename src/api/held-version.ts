import { ISTIO_VERSION, type Issue, type Json, valueAt } from '../core/index.ts';
import { ANNOTATIONS } from './names.ts';

/** `1.30` stands for all its patch releases. */
export const RELEASE = /^\d+\.\d+(\.\d+)?$/;

/**
 * Why a mesh whose IstioOperator has these annotations stays as it is: it keeps a version of Istio that this program does
 * not install. Undefined where it does, or nothing is kept; what is no version is for `checkAnnotations` to judge.
 */
export function heldVersion(annotations: Json | undefined): Issue | undefined {
  const version = String(valueAt(annotations, ANNOTATIONS.istioVersion) ?? '');
  if (!RELEASE.test(version) || `${ISTIO_VERSION}.`.startsWith(`${version}.`)) return undefined;
  return {
    code: 'VersionHeld',
    message: `The mesh is kept at Istio ${version}, and this version of the operator installs ${ISTIO_VERSION}.`,
    hint: `To have it installed, set the annotation ${ANNOTATIONS.istioVersion} to "${ISTIO_VERSION}" or remove it.`,
  };
}
