import { Compass } from 'lucide-react';
import Link from 'next/link';
import { ButtonLook } from '../ui/button';
import { EmptyState } from '../ui/empty-state';

export default function NotFound() {
  return (
    <main>
      <EmptyState
        icon={Compass}
        title="There is no such page"
        action={
          <ButtonLook variant="primary">
            <Link href="/">Home</Link>
          </ButtonLook>
        }
      >
        The address leads nowhere in this house.
      </EmptyState>
    </main>
  );
}
