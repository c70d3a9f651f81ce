// SPDX-License-Identifier: Apache-2.0
import { Button } from '@patternfly/react-core';
import { CopyIcon } from '@patternfly/react-icons/dist/esm/icons/copy-icon';
import { useState } from 'react';
import { t } from '../text';
import { copyFrom } from './clipboard';

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
          copyFrom(element, text).then(
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
