// Every word that the dashboard shows, in the language of its reader. So far that is English.

import { english } from './english.ts';

/** What a language must say: another one is a file beside english.ts of this type, chosen here. */
export type Texts = typeof english;

export const texts: Texts = english;
