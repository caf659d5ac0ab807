'use client';

import type { DeviceWithSecret } from '@hearth/contracts';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { SecretPanel } from './secret-panel';

/** Shows a fresh secret. It closes by its button only: once gone, it is gone. */
export function SecretDialog({
  issued,
  onClose,
}: {
  issued: DeviceWithSecret;
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      dismissible={false}
      onOpenChange={onClose}
      title={`New secret of ${issued.device.name}`}
    >
      <div className="mt-4">
        <SecretPanel issued={issued} />
      </div>
      <div className="mt-6 flex justify-end">
        <Button variant="primary" onClick={onClose}>
          I have it
        </Button>
      </div>
    </Dialog>
  );
}
