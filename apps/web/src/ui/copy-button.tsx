'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { Button } from './button';

/** How long the check mark stays, in milliseconds. */
const SHOWN_MS = 1_600;

/** Copies text. Over plain http browsers hide the clipboard; there an invisible field does it. */
export function CopyButton({ text, label, what }: { text: string; label?: string; what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    if (await copyText(text)) setCopied(true);
    else toast.error(`The browser did not let ${what} be copied. Select it and copy it by hand.`);
  };
  return (
    <Button
      size={label === undefined ? 'iconSmall' : 'small'}
      variant={label === undefined ? 'ghost' : 'secondary'}
      aria-label={label === undefined ? `Copy ${what}` : undefined}
      onClick={() => void copy()}
    >
      {copied ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />}
      {label !== undefined && (copied ? 'Copied' : label)}
      <span className="sr-only" aria-live="polite">
        {copied ? `${what} copied` : ''}
      </span>
    </Button>
  );
}

async function copyText(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.setAttribute('readonly', '');
  field.style.position = 'fixed';
  field.style.opacity = '0';
  // Inside the open dialog, if any: its focus trap would take the selection away.
  (document.querySelector('[role="dialog"]') ?? document.body).append(field);
  field.select();
  // The only way without a secure context; every browser still has it.
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
