import type { Metadata } from 'next';
import { ClimatePage } from '../../../features/climate/components/climate-page';

export const metadata: Metadata = { title: 'Climate' };

export default function Page() {
  return <ClimatePage />;
}
