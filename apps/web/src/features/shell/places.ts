import {
  Boxes,
  FlaskConical,
  House,
  Inbox,
  Settings,
  Thermometer,
  type LucideIcon,
} from 'lucide-react';

export interface Place {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Phones have five places; the others are reached from Settings. */
  readonly onPhone: boolean;
}

export const PLACES: readonly Place[] = [
  { href: '/', label: 'Home', icon: House, onPhone: true },
  { href: '/devices', label: 'Devices', icon: Boxes, onPhone: true },
  { href: '/climate', label: 'Climate', icon: Thermometer, onPhone: true },
  { href: '/inbox', label: 'Inbox', icon: Inbox, onPhone: true },
  { href: '/simulator', label: 'Simulator', icon: FlaskConical, onPhone: false },
  { href: '/settings', label: 'Settings', icon: Settings, onPhone: true },
];

/** True while `pathname` is this place or below it. */
export function isAt(place: Place, pathname: string): boolean {
  if (place.href === '/') return pathname === '/';
  // Not below /devices, where a device could have the same name.
  if (place.href === '/devices' && pathname === '/register') return true;
  return pathname === place.href || pathname.startsWith(`${place.href}/`);
}
