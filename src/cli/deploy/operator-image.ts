import { OperatorError } from '../../core/index.ts';
import type { OperatorSettings } from './operator-manifests.ts';

/** Registry and folders, name, tag and digest of an image. */
const IMAGE =
  /^(?<hub>(?:[\w.-]+(?::\d+)?\/)?(?:[a-z0-9._-]+\/)*)(?<name>[a-z0-9._-]+)(?::(?<tag>\w[\w.-]*))?(?:@\w+:\w+)?$/;

/**
 * The image of the operator: the one that is named as a whole, else the given one from another registry or with another tag.
 * @throws {OperatorError} `Usage` for what no image can be called, naming the flags that say so.
 */
export function imageFor({ image, hub, tag }: OperatorSettings, given: string): string {
  if (image !== undefined) return checked(image, '--image');
  if (hub === undefined && tag === undefined) return given;
  const known = IMAGE.exec(given)?.groups;
  const registry = hub === undefined ? known?.hub : `${hub}/`;
  const version = tag ?? known?.tag;
  const flags = [...(hub === undefined ? [] : ['--hub']), ...(tag === undefined ? [] : ['--tag'])].join(', ');
  return checked(`${registry ?? ''}${known?.name ?? ''}${version === undefined ? '' : `:${version}`}`, flags);
}

function checked(image: string, flags: string): string {
  if (IMAGE.test(image)) return image;
  throw new OperatorError(`${flags}: "${image}" is not the name of an image.`, {
    code: 'Usage',
    hint: 'Write it like registry.example.com/istio-operator:0.1.0.',
  });
}
