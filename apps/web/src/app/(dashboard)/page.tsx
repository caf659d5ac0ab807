import { Overview } from '../../features/home/components/overview';

export default function HomePage() {
  return <Overview />;
}
