/** Stands in the bundles for postcss, which sanitize-html would use for style attributes: none is ever let through. */

class NoPostcss extends Error {
  override readonly name = 'NoPostcss';
}

export function parse(): never {
  throw new NoPostcss('Style attributes are not understood here.');
}
