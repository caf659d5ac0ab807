'use client';

import type { DiscoveredTopic } from '@hearth/contracts';
import { EyeOff, Plus, Radio } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { formatNumber } from '../../../format/quantity';
import { formatAge } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Button } from '../../../ui/button';
import { useMay } from '../../home/home-context';
import { describeGuess, describeRate } from '../model';
import { useForgetTopic } from '../queries';
import { AdoptDialog } from './adopt-dialog';

/** Topics that integrations publish, with what they look like. */
export function DiscoveredTopics({ topics }: { topics: readonly DiscoveredTopic[] }) {
  if (topics.length === 0) {
    return (
      <p className="flex items-center gap-3 py-4 text-sm text-ink-2">
        <Radio aria-hidden className="size-5" strokeWidth={1.5} />
        Nothing is publishing to topics of its own.
      </p>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {topics.map((topic) => (
        <Topic key={topic.topic} topic={topic} />
      ))}
    </ul>
  );
}

function Topic({ topic }: { topic: DiscoveredTopic }) {
  const now = useNow(5_000);
  const may = useMay();
  const forget = useForgetTopic();
  const [isAdopting, setAdopting] = useState(false);
  const hide = async () => {
    try {
      // Not by callbacks of `mutate`: they do not run when the topic has left the list before.
      await forget.mutateAsync(topic.topic);
      toast.success(`${topic.topic} is hidden until it publishes again`);
    } catch {
      // The mutation has said what went wrong.
    }
  };
  const lastSeen = Date.parse(topic.lastSeenAt);
  const rate = describeRate(topic.perMinute);
  return (
    <li className="py-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <p className="font-mono text-sm break-all">{topic.topic}</p>
          <p className="text-sm text-ink-2">
            {formatNumber(topic.messages, 0)} {topic.messages === 1 ? 'message' : 'messages'}
            {rate !== undefined && `, ${rate}`}, last {formatAge(now - lastSeen)}, from{' '}
            {topic.principalId}
          </p>
        </div>
        {may.act && topic.guess.kind !== 'binary' && (
          <Button
            size="small"
            aria-label={`Adopt ${topic.topic}`}
            onClick={() => setAdopting(true)}
          >
            <Plus aria-hidden /> Adopt
          </Button>
        )}
        {may.act && (
          <Button
            size="iconSmall"
            variant="ghost"
            aria-label={`Hide ${topic.topic}`}
            title="Hide until it publishes again"
            busy={forget.isPending}
            onClick={() => void hide()}
          >
            <EyeOff aria-hidden />
          </Button>
        )}
      </div>
      {isAdopting && <AdoptDialog topic={topic} onClose={() => setAdopting(false)} />}
      <div className="mt-2 rounded-control bg-surface-2 px-3 py-2">
        <p className="text-sm text-ink-1">{describeGuess(topic.guess)}</p>
        {topic.guess.kind !== 'number' && (
          <pre className="mt-0.5 max-h-24 overflow-auto font-mono text-sm break-all whitespace-pre-wrap">
            {topic.sampleText}
          </pre>
        )}
      </div>
    </li>
  );
}
