import type { DeviceKind } from '@hearth/contracts';
import {
  CircuitBoard,
  CloudSun,
  DoorClosed,
  Droplets,
  PersonStanding,
  Thermometer,
  ThermometerSun,
  Zap,
  type LucideIcon,
} from 'lucide-react';

const ICONS: Readonly<Record<DeviceKind, LucideIcon>> = {
  'climate-node': Thermometer,
  thermostat: ThermometerSun,
  'energy-meter': Zap,
  contact: DoorClosed,
  motion: PersonStanding,
  leak: Droplets,
  sensor: CircuitBoard,
  controller: CloudSun,
};

export function KindIcon({ kind, className }: { kind: DeviceKind; className?: string }) {
  const Icon = ICONS[kind];
  return <Icon aria-hidden className={className} strokeWidth={1.75} />;
}
