'use client';

import type { DeviceWithSecret } from '@hearth/contracts';
import { Download } from 'lucide-react';
import { Button } from '../../../ui/button';
import { CopyButton } from '../../../ui/copy-button';
import { Notice } from '../../../ui/notice';
import { credentialsFile } from '../snippets';

/** The secret, once: to copy and to keep as a file. */
export function SecretPanel({ issued }: { issued: DeviceWithSecret }) {
  const { device, credentials } = issued;
  const download = () => {
    const file = new Blob([credentialsFile(connectionOf(issued))], { type: 'text/plain' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = `${device.id}.env`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <Notice tone="warn" className="mb-4">
        Hearth keeps only a fingerprint of the secret. It will not be shown again.
      </Notice>
      <dl className="grid gap-3">
        <Row name="User name" value={credentials.username} />
        <Row name="Secret" value={credentials.secret} />
      </dl>
      <Button size="small" className="mt-3" onClick={download}>
        <Download aria-hidden /> Download as a file
      </Button>
    </>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="mb-1 text-sm text-ink-2">{name}</dt>
      <dd className="flex items-center gap-2 rounded-control border border-line bg-surface-2 py-1 pr-1 pl-4">
        <span className="min-w-0 flex-1 font-mono break-all select-all">{value}</span>
        <CopyButton text={value} what={name.toLowerCase()} />
      </dd>
    </div>
  );
}

/** How a board on the home's network reaches the broker: where the browser reaches the dashboard. */
export function connectionOf({ credentials }: DeviceWithSecret) {
  return {
    host: window.location.hostname,
    port: credentials.mqttPort,
    username: credentials.username,
    secret: credentials.secret,
  };
}
