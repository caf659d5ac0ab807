import type { Metadata } from 'next';
import { SimulatorView } from '../../../features/simulator/components/simulator-view';

export const metadata: Metadata = { title: 'Simulator' };

export default function SimulatorPage() {
  return <SimulatorView />;
}
