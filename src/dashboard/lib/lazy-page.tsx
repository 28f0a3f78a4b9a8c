// A page whose script is loaded when it is first opened.

import { lazy } from 'react';
import type { ComponentType } from 'react';

/** `lazyPage(() => import('./home-page.tsx'), 'HomePage')`. */
export function lazyPage<Name extends string, Props extends object>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
) {
  return lazy(async () => ({ default: (await load())[name] }));
}
