// Something is being waited for; what it is, is said beside it.

import { LoaderCircle } from 'lucide-react';
import { classes } from '../lib/class-names.ts';

export function Spinner({ className }: { readonly className?: string }) {
  return <LoaderCircle size={16} aria-hidden className={classes('animate-spin', className)} />;
}
