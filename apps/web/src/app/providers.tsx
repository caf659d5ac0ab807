'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { useState, type ReactNode } from 'react';
import { Toaster } from 'sonner';
import { createQueryClient } from '../api/query-client';

export function Providers({ nonce, children }: { nonce: string; children: ReactNode }) {
  const [queries] = useState(createQueryClient);
  return (
    <ThemeProvider
      attribute="class"
      defaultTheme="system"
      enableSystem
      nonce={nonce}
      disableTransitionOnChange
    >
      <QueryClientProvider client={queries}>
        {children}
        <Toaster
          position="top-center"
          closeButton
          toastOptions={{
            style: {
              background: 'var(--surface-1)',
              color: 'var(--ink-0)',
              borderColor: 'var(--line)',
              boxShadow: 'var(--shadow-pop)',
              fontFamily: 'inherit',
              borderRadius: 'var(--radius-card, 12px)',
            },
          }}
        />
      </QueryClientProvider>
    </ThemeProvider>
  );
}
