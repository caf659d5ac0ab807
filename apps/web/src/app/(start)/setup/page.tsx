import type { Metadata } from 'next';
import { Setup } from '../../../features/auth/components/setup';

export const metadata: Metadata = { title: 'Set up' };

export default function SetupPage() {
  return <Setup />;
}
