import { annotationOf, hasAnnotation, quoted, setting, withoutNulls } from './expressions.ts';
import { choose, type Part, when } from './template-text.ts';

const CPU = 'sidecar.istio.io/proxyCPU';
const MEMORY = 'sidecar.istio.io/proxyMemory';
const CPU_LIMIT = 'sidecar.istio.io/proxyCPULimit';
const MEMORY_LIMIT = 'sidecar.istio.io/proxyMemoryLimit';

/** What the pod's annotations ask for; only if there are none of them, what the installation gives every proxy. */
export function podResources(): Part {
  return choose([
    [
      either(CPU, MEMORY, CPU_LIMIT, MEMORY_LIMIT),
      {
        requests: when(either(CPU, MEMORY), { cpu: given(CPU), memory: given(MEMORY) }),
        limits: when(either(CPU_LIMIT, MEMORY_LIMIT), { cpu: given(CPU_LIMIT), memory: given(MEMORY_LIMIT) }),
      },
    ],
    [setting('global.proxy.resources'), withoutNulls('global.proxy.resources')],
  ]);
}

/** Resources of the installation, at a path of its values; none where it gives none. */
export function installationResources(path: string): Part {
  return when(setting(path), withoutNulls(path));
}

function given(annotation: string): Part {
  return when(hasAnnotation(annotation), quoted(annotationOf(annotation)));
}

function either(...annotations: readonly string[]): string {
  return `or ${annotations.map(hasAnnotation).join(' ')}`;
}
