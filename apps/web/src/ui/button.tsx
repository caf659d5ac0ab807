import type { ComponentProps } from 'react';
import { Slot } from 'radix-ui';
import { LoaderCircle } from 'lucide-react';
import { cx } from './cx';

const VARIANTS = {
  primary:
    'bg-accent text-on-accent hover:bg-accent-strong active:bg-accent-strong border border-transparent',
  secondary:
    'border border-line bg-surface-1 text-ink-0 hover:border-line-strong hover:bg-surface-2 active:bg-surface-3',
  ghost:
    'border border-transparent text-ink-1 hover:bg-surface-2 hover:text-ink-0 active:bg-surface-3',
  danger: 'border border-transparent bg-bad text-on-bad hover:opacity-90',
  dangerQuiet: 'border border-line bg-surface-1 text-bad hover:border-bad hover:bg-bad-soft',
} as const;

const SIZES = {
  normal: 'h-10 px-4 text-base',
  small: 'h-8 px-3 text-sm',
  icon: 'size-10',
  iconSmall: 'size-8',
} as const;

interface Look {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
}

function look({ variant = 'secondary', size = 'normal' }: Look, className?: string): string {
  return cx(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-colors duration-150 select-none',
    'disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
    VARIANTS[variant],
    SIZES[size],
    className,
  );
}

type ButtonProps = ComponentProps<'button'> & Look & { busy?: boolean };

export function Button({
  variant = 'secondary',
  size = 'normal',
  busy = false,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      // oxlint-disable-next-line react/button-has-type -- the default above is a literal
      type={type}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={look({ variant, size }, className)}
    >
      {busy && <LoaderCircle aria-hidden className="animate-spin" />}
      {children}
    </button>
  );
}

/** A link that looks like a button: `<ButtonLook><Link …/></ButtonLook>`. */
export function ButtonLook({
  variant = 'secondary',
  size = 'normal',
  className,
  children,
}: Look & { className?: string; children: React.ReactElement }) {
  return <Slot.Root className={look({ variant, size }, className)}>{children}</Slot.Root>;
}
