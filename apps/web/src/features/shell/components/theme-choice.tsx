'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { Segmented } from '../../../ui/segmented';

const OPTIONS = [
  { value: 'light', label: <Sun aria-label="Light" className="size-4" />, title: 'Light' },
  { value: 'dark', label: <Moon aria-label="Dark" className="size-4" />, title: 'Dark' },
  {
    value: 'system',
    label: <Monitor aria-label="As the device" className="size-4" />,
    title: 'As the device',
  },
] as const;

/** Light, dark, or whatever the device does. Drawn in the browser only: the server does not know. */
export function ThemeChoice() {
  const { theme, setTheme } = useTheme();
  const value = OPTIONS.find((option) => option.value === theme)?.value ?? 'system';
  return <Segmented label="Appearance" value={value} options={OPTIONS} onChange={setTheme} />;
}
