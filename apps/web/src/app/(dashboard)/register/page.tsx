import type { Metadata } from 'next';
import { RegisterDevice } from '../../../features/devices/components/register-device';

export const metadata: Metadata = { title: 'Register a device' };

export default function RegisterDevicePage() {
  return <RegisterDevice />;
}
