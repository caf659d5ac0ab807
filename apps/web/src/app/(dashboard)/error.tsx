'use client';

import { CircleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '../../ui/button';
import { EmptyState } from '../../ui/empty-state';

/** A fault of the page itself; the rest of the dashboard goes on. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <EmptyState
      icon={CircleAlert}
      title="This page broke"
      action={
        <Button variant="primary" onClick={reset}>
          Try again
        </Button>
      }
    >
      That is a fault in Hearth, not in your home. Everything else goes on.
    </EmptyState>
  );
}
