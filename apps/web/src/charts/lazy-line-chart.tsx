'use client';

import dynamic from 'next/dynamic';

/** The line chart, loaded with chart.js only where a chart is. */
export const LazyLineChart = dynamic(() => import('./line-chart'), {
  ssr: false,
  loading: () => <span className="skeleton block h-full w-full" />,
});
