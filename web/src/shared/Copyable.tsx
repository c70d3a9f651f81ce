// SPDX-License-Identifier: Apache-2.0
import { Button } from '@patternfly/react-core';
import { CopyIcon } from '@patternfly/react-icons/dist/esm/icons/copy-icon';
import { useState } from 'react';
import { t } from '../text';

/** navigator.clipboard is there over HTTPS and on localhost only; a selection can be copied everywhere. */
async function copy(text: string, element: HTMLElement | null): Promise<boolean> {
  if ('clipboard' in navigator && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  if (element === null) {
    return false;
  }
  window.getSelection()?.selectAllChildren(element);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without a secure context
  return document.execCommand('copy');
}

/** A line or more to be pasted elsewhere. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [said, setSaid] = useState('');
  return (
    <div className="berth-copyable">
      <pre tabIndex={0} aria-label={label}>
        <code ref={setElement}>{text}</code>
      </pre>
      <Button
        variant="plain"
        icon={<CopyIcon />}
        aria-label={t('copy.action', { what: label })}
        onClick={() => {
          copy(text, element).then(
            (done) => setSaid(done ? t('copy.done') : t('copy.byHand')),
            () => setSaid(t('copy.byHand')),
          );
        }}
      />
      <span className="berth-copyable-said" role="status">
        {said}
      </span>
    </div>
  );
}
