/** How values name an image; each may be empty. */
export interface ImageParts {
  /** A bare name (`proxyv2`), or a complete reference when it holds a slash. */
  readonly image: string | undefined;
  readonly defaultImage: string;
  readonly hub: string | undefined;
  readonly tag: string | number | undefined;
  readonly variant: string | undefined;
}

/** The reference of an image: `hub/image:tag-variant`; an `image` with a slash is taken as it is. */
export function imageReference(parts: ImageParts): string {
  const image = String(parts.image || parts.defaultImage); // YAML reads a name of digits as a number
  if (image.includes('/')) return image;
  return `${parts.hub ?? ''}/${image}:${parts.tag ?? ''}${parts.variant ? `-${parts.variant}` : ''}`;
}
