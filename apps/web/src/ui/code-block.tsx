import { CopyButton } from './copy-button';

/** A piece of text to copy: a command, a file, a secret. */
export function CodeBlock({
  code,
  what,
  caption,
}: {
  code: string;
  what: string;
  caption?: string;
}) {
  return (
    <figure className="overflow-hidden rounded-control border border-line bg-surface-2">
      <div className="flex items-start gap-2 p-1.5 pl-4">
        <pre
          className="min-w-0 flex-1 overflow-x-auto py-1.5 font-mono text-sm leading-6 text-ink-0"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- long lines scroll, and keys must reach them
          tabIndex={0}
        >
          <code>{code}</code>
        </pre>
        <CopyButton text={code} what={what} />
      </div>
      {caption !== undefined && (
        <figcaption className="border-t border-line px-4 py-2 text-sm text-ink-2">
          {caption}
        </figcaption>
      )}
    </figure>
  );
}
