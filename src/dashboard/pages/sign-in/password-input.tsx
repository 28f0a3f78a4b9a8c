// A password that can be looked at.

import { useState } from 'react';
import type { InputHTMLAttributes } from 'react';
import { Eye, EyeOff } from 'lucide-react';
import { texts } from '../../texts/texts.ts';
import { IconButton } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';

export function PasswordInput(props: InputHTMLAttributes<HTMLInputElement>) {
  const [shown, setShown] = useState(false);
  return (
    <span className="relative block">
      <Input {...props} type={shown ? 'text' : 'password'} className="pr-10" />
      <IconButton
        icon={shown ? EyeOff : Eye}
        label={shown ? texts.signIn.hidePassword : texts.signIn.showPassword}
        size="small"
        className="absolute top-[3px] right-[3px]"
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
      />
    </span>
  );
}
